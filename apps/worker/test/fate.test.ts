import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fateOf, type Sight } from '../src/stages/fate.js';
import { windowsOf } from '../src/stages/record-window.js';

const LIMITS = { lookUpAfterMs: 180_000, maxMs: 900_000 };
const SENT = 1_000_000;
const at = (sight: Sight, afterMs: number) => fateOf({ sight, sentAt: SENT, now: SENT + afterMs }, LIMITS);

const done: Sight = { kind: 'entry', entry: { id: '1122-a', datetime_done: '2026-11-22 10:00:01 +00:00', cost: 0.02 } };
const running: Sight = { kind: 'entry', entry: { cost: 0 } };
const absent = (beganAfterMs: number): Sight => ({ kind: 'absent', beganAt: SENT + beganAfterMs });

describe('the fate of a call without an answer', () => {
  it('is known as soon as the record shows it done: its money is lost', () => {
    expect(at(done, 1)).toEqual({ kind: 'lost', cost: 20_000_000, taskId: '1122-a' });
    expect(at(done, 2_000_000)).toEqual({ kind: 'lost', cost: 20_000_000, taskId: '1122-a' });
  });

  it('is open while it runs', () => {
    expect(at(running, 20_000)).toEqual({ kind: 'wait', until: SENT + 30_000 });
    expect(at({ kind: 'entry', entry: { datetime_done: null } }, 20_000)).toMatchObject({ kind: 'wait' });
  });

  it('is never to have run only where the whole search began after the record must show it', () => {
    expect(at(absent(179_999), 300_000)).toMatchObject({ kind: 'wait' });
    expect(at(absent(180_000), 180_001)).toEqual({ kind: 'not_executed', cost: 0 });
    expect(at(absent(175_000), 176_000)).toEqual({ kind: 'wait', until: SENT + 180_000 });
  });

  it('is decided blindly where nothing can be asked, but not while the upstream may be at it', () => {
    expect(at({ kind: 'no_record' }, 179_999)).toEqual({ kind: 'wait', until: SENT + 180_000 });
    expect(at({ kind: 'no_record' }, 180_000)).toEqual({ kind: 'blind', cost: 0 });
  });

  it.each([running, { kind: 'failed' } as const])('is decided blindly when its time is over ($kind)', (sight) => {
    expect(at(sight, 895_000)).toEqual({ kind: 'wait', until: SENT + 900_000 });
    expect(at(sight, 900_000)).toEqual({ kind: 'blind', cost: 0 });
    const short = { ...LIMITS, maxMs: 0 };
    expect(fateOf({ sight, sentAt: SENT, now: SENT + 179_999 }, short)).toMatchObject({ kind: 'wait' });
  });

  it('is always learnt or decided in the end', () => {
    const sight = fc.constantFrom<Sight>(done, running, { kind: 'no_record' }, { kind: 'failed' }, absent(180_000));
    const times = fc.record({ lookUpAfterMs: fc.nat(1e6), maxMs: fc.nat(1e6) });
    fc.assert(
      fc.property(sight, times, (seen, limits) => {
        let now = SENT;
        for (let looks = 0; looks < 1_000; looks++) {
          const sightNow = seen.kind === 'absent' ? { ...seen, beganAt: now } : seen;
          const fate = fateOf({ sight: sightNow, sentAt: SENT, now }, limits);
          if (fate.kind !== 'wait') return;
          expect(fate.until).toBeGreaterThan(now);
          now = fate.until;
        }
        throw new Error('it is looked up for ever');
      }),
    );
  });
});

describe('what of the record is read', () => {
  it('is half a minute around each sending, and nothing that lies between two far apart', () => {
    const sent = fc.array(
      fc.nat(1_000_000).map((sentAt) => ({ sentAt })),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(sent, (calls) => {
        const windows = windowsOf(calls);
        expect(windows.flatMap((window) => window.calls)).toHaveLength(calls.length);
        for (const [index, window] of windows.entries()) {
          const times = window.calls.map(({ sentAt }) => sentAt);
          expect([window.from, window.to]).toEqual([Math.min(...times) - 30_000, Math.max(...times) + 30_000]);
          expect(window.from).toBeGreaterThan(windows[index - 1]?.to ?? Number.NEGATIVE_INFINITY);
          expect(window.to - window.from).toBeLessThanOrEqual(60_000 * window.calls.length);
        }
      }),
    );
  });
});
