import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bar, percent } from '../src/render/bar.js';
import { createMeter } from '../src/render/meter.js';
import { type Screen, showProgress } from '../src/render/progress.js';
import { barLine, type Moving, plainLine } from '../src/render/progress-line.js';

const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

function moving(changes: Partial<Moving> & { pending?: number } = {}): Moving {
  const { pending = 400, ...rest } = changes;
  const base = {
    endpoint: 'bulk_backlinks',
    status: 'running',
    reason: null,
    eta_ms: null,
    bound_by: null,
    bound_detail: null,
  } as const;
  return { ...base, rows: { total: 1000, pending }, cost: { spent_usd: 0.5 }, ...rest };
}

describe('progress', () => {
  it('is whole only at the end', () => {
    expect([percent(0), percent(0.9999), percent(1)]).toEqual(['0 %', '99 %', '100 %']);
    expect([bar(0, 4), bar(0.99, 4), bar(1, 4), bar(7, 4)]).toEqual(['░░░░', '███░', '████', '████']);
  });

  it('has rows, rate, cost and time left in its line', () => {
    const line = barLine(moving(), { rate: 200, columns: 200 });
    expect(line).toBe(
      `bulk_backlinks  ${'█'.repeat(14)}${'░'.repeat(10)}   60 %  600 of 1,000 rows  200 rows/s  $0.5000  ETA 2 s`,
    );
    expect(barLine(moving({ eta_ms: 90_000 }), { rate: 200, columns: 200 })).toContain('ETA 1 min 30 s');
    expect(plainLine(moving({ status: 'paused', reason: 'bud\u001bget' }), null)).toBe(
      'bulk_backlinks  paused: bud\\u{1b}get   60 %  600 of 1,000 rows  $0.5000',
    );
  });

  it('is never wider than the terminal', () => {
    for (let columns = 1; columns <= 120; columns++) {
      expect(barLine(moving(), { rate: 200, columns }).length).toBeLessThan(columns);
    }
    const sizes = fc.record({
      columns: fc.integer({ min: 1, max: 200 }),
      rate: fc.option(fc.double({ min: 0.001, max: 1e9, noNaN: true })),
      total: fc.integer({ min: 0, max: 10_000_000 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      reason: fc.option(fc.string({ unit: 'binary' })),
    });
    fc.assert(
      fc.property(sizes, ({ columns, rate, total, share, reason }) => {
        const job = { ...moving({ reason }), rows: { total, pending: Math.floor(total * share) } };
        const line = barLine(job, { rate, columns });
        expect(line.length).toBeLessThan(Math.max(columns, 1));
        expect(line).not.toMatch(CONTROL);
      }),
    );
  });

  it('measures the rate of late', () => {
    const meter = createMeter();
    expect([meter(0, 0), meter(100, 10), meter(1000, 100)]).toEqual([null, null, 100]);
    for (let second = 2; second <= 60; second++) meter(second * 1000, 100 + second);
    expect(meter(61_000, 161)).toBeCloseTo(1);
  });

  it('is drawn over on a terminal, and leaves nothing behind', () => {
    const screen = recorder(true);
    const progress = showProgress(screen);
    progress.show(moving({ pending: 1000 }), 0);
    progress.show(moving({ pending: 500 }), 1000);
    progress.note('remark');
    progress.show(moving({ pending: 0 }), 2000);
    progress.end();
    const frames = screen.text.split('\r\u001b[2K');
    expect(frames[1]).toContain('0 of 1,000 rows');
    expect(frames[2]).toContain('500 rows/s');
    expect(frames[3]).toBe('remark\n');
    expect(frames.at(-1)).toBe('');
  });

  it.each([true, false])('says why a job stands still, once for each cause (on a terminal: %s)', (isTTY) => {
    const screen = recorder(isTTY);
    const progress = showProgress(screen);
    const dead = {
      bound_by: 'no_workers',
      bound_detail: 'No worker has been alive since 2026-11-29T11:00:00Z.',
    } as const;
    const paused = {
      bound_by: 'upstream_pause',
      bound_detail: 'The account waits until 2026-11-29T11:09:00Z.',
    } as const;
    progress.show(moving({ pending: 900, ...dead }), 0);
    progress.show(moving({ pending: 800, ...dead }), 2000);
    expect(screen.text).not.toContain('waits');
    for (const at of [5000, 6000]) progress.show(moving({ pending: 800, ...dead }), at);
    progress.show(moving({ pending: 800, ...paused }), 7000);
    progress.show(moving({ pending: 700, ...dead }), 8000);
    progress.show(moving({ pending: 700, ...dead }), 12_000);
    progress.end();
    const said = screen.text.match(/waits: .*\n/g);
    const [one, other] = [`waits: ${dead.bound_detail}\n`, `waits: ${paused.bound_detail}\n`];
    expect(said).toEqual([one, other, one]);
  });

  it('is a line at each tenth, status and half minute elsewhere', () => {
    const screen = recorder(false);
    const progress = showProgress(screen);
    const pendings = [1000, 990, 850, 840, 0];
    for (const [second, pending] of pendings.entries()) progress.show(moving({ pending }), second * 1000);
    progress.show(moving({ pending: 0, status: 'completed' }), 5000);
    progress.show(moving({ pending: 0, status: 'completed' }), 6000);
    progress.show(moving({ pending: 0, status: 'completed' }), 36_000);
    progress.end();
    expect(screen.text).not.toContain('\u001b');
    const shown = screen.text.trimEnd().split('\n');
    expect(shown.map((line) => /(\d+) %/.exec(line)?.[1])).toEqual(['0', '15', '100', '100', '100']);
  });
});

function recorder(isTTY: boolean): Screen & { text: string } {
  return {
    isTTY,
    columns: 120,
    text: '',
    write(chunk) {
      this.text += chunk;
    },
  };
}
