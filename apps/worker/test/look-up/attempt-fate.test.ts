import type { RecordEntry } from '@linkhaul/schemas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fateOf, type RecordFinding } from '../../src/look-up/attempt-fate.js';
import { windowsOf } from '../../src/look-up/record-window.js';

const LIMITS = { lookUpAfterMs: 180_000, againMs: 10_000, maxMs: 900_000 };
const SENT = 1_000_000;
const at = (finding: RecordFinding, afterMs: number) => fateOf({ finding, sentAt: SENT, now: SENT + afterMs }, LIMITS);

const entryOf = (said: Partial<RecordEntry>, beganAfterMs = 0): RecordFinding => {
  const nothing = { id: null, tag: 't', asked: null, endpoint: null, postedAt: null, doneAt: null, cost: null };
  return { kind: 'entry', entry: { ...nothing, ...said }, beganAt: SENT + beganAfterMs };
};
const done = entryOf({ id: '1122-a', doneAt: SENT + 1000, cost: 20_000_000 });
const running = entryOf({ cost: 0 });
const absent = (beganAfterMs: number): RecordFinding => ({ kind: 'absent', beganAt: SENT + beganAfterMs });

describe('the fate of a call without an answer', () => {
  it('is `lost` as soon as the record shows the call as done', () => {
    expect(at(done, 1)).toEqual({ kind: 'lost', cost: 20_000_000, taskId: '1122-a' });
    expect(at(done, 2_000_000)).toEqual({ kind: 'lost', cost: 20_000_000, taskId: '1122-a' });
  });

  it('is open while the call runs', () => {
    expect(at(running, 20_000)).toEqual({ kind: 'wait', until: SENT + 30_000 });
    expect(at(entryOf({ cost: 0 }, 179_999), 300_000)).toMatchObject({ kind: 'wait' });
  });

  it('is `lost` if the record never shows an end, once the upstream can no longer be working on the call', () => {
    expect(at(entryOf({ cost: 5 }, 180_000), 180_001)).toEqual({ kind: 'lost', cost: 5, taskId: null });
    const postedAt = SENT + 2_000;
    expect(at(entryOf({ postedAt }, 181_000), 181_000)).toEqual({ kind: 'wait', until: SENT + 182_000 });
    expect(at(entryOf({ postedAt }, 182_000), 182_000)).toMatchObject({ kind: 'lost', cost: null });
    // A time that cannot be that of this send is ignored.
    expect(at(entryOf({ postedAt: SENT + 86_400_000 }, 180_000), 180_000)).toMatchObject({ kind: 'lost' });
  });

  it('is `not_executed` only if the search began after the record must show the call', () => {
    expect(at(absent(179_999), 300_000)).toMatchObject({ kind: 'wait' });
    expect(at(absent(180_000), 180_001)).toEqual({ kind: 'not_executed', cost: 0 });
    expect(at(absent(175_000), 176_000)).toEqual({ kind: 'wait', until: SENT + 180_000 });
  });

  it('is `blind` without a record, but not while the upstream may be working on the call', () => {
    expect(at({ kind: 'no_record' }, 179_999)).toEqual({ kind: 'wait', until: SENT + 180_000 });
    expect(at({ kind: 'no_record' }, 180_000)).toEqual({ kind: 'blind', cost: null });
  });

  it.each([{ kind: 'hidden' }, { kind: 'failed' }] as const)(
    'is `blind` once the time limit has passed ($kind)',
    (finding) => {
      expect(at(finding, 895_000)).toEqual({ kind: 'wait', until: SENT + 900_000 });
      expect(at(finding, 900_000)).toEqual({ kind: 'blind', cost: null });
      const short = { ...LIMITS, maxMs: 0 };
      expect(fateOf({ finding, sentAt: SENT, now: SENT + 179_999 }, short)).toMatchObject({ kind: 'wait' });
    },
  );

  it('is always decided in the end', () => {
    const blank = [{ kind: 'no_record' }, { kind: 'failed' }, { kind: 'hidden' }] as const;
    const finding = fc.constantFrom<RecordFinding>(done, running, ...blank, absent(180_000));
    const times = fc.record({ lookUpAfterMs: fc.nat(1e6), againMs: fc.constant(10_000), maxMs: fc.nat(1e6) });
    fc.assert(
      fc.property(finding, times, (seen, limits) => {
        let now = SENT;
        for (let looks = 0; looks < 1_000; looks++) {
          const findingNow = 'beganAt' in seen ? { ...seen, beganAt: now } : seen;
          const fate = fateOf({ finding: findingNow, sentAt: SENT, now }, limits);
          if (fate.kind !== 'wait') return;
          expect(fate.until).toBeGreaterThan(now);
          now = fate.until;
        }
        throw new Error('the call is looked up without end');
      }),
    );
  });
});

describe('the part of the record that is read', () => {
  it('is half a minute around each send, and nothing between sends that are far apart', () => {
    const sent = fc.array(
      fc.nat(1_000_000).map((sentAt) => ({ sentAt })),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(sent, (attempts) => {
        const windows = windowsOf(attempts);
        expect(windows.flatMap((window) => window.attempts)).toHaveLength(attempts.length);
        for (const [index, window] of windows.entries()) {
          const times = window.attempts.map(({ sentAt }) => sentAt);
          expect([window.from, window.to]).toEqual([Math.min(...times) - 30_000, Math.max(...times) + 30_000]);
          expect(window.from).toBeGreaterThan(windows[index - 1]?.to ?? Number.NEGATIVE_INFINITY);
          expect(window.to - window.from).toBeLessThanOrEqual(60_000 * window.attempts.length);
        }
      }),
    );
  });
});
