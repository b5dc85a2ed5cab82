import type { Job } from '@linkhaul/schemas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateSummary } from '../src/render/estimate.js';
import { eventLine } from '../src/render/event.js';
import { formatBytes, formatDuration, formatRate, formatUsd } from '../src/render/figures.js';
import { jobSummary } from '../src/render/job.js';
import { printable } from '../src/render/printable.js';
import { rowLine } from '../src/render/row.js';
import { formatTable } from '../src/render/table.js';
import { usageTable } from '../src/render/usage.js';
import { sampleInput } from './invoke.js';

const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const anyText = fc.string({ unit: 'binary' });

describe('text from outside', () => {
  it('never reaches a terminal as a control', () => {
    fc.assert(fc.property(anyText, (text) => !CONTROL.test(printable(text))));
    expect(printable('a\u001b[31mb\u202ec')).toBe('a\\u{1b}[31mb\\u{202e}c');
    expect(printable('bücher.de 日本')).toBe('bücher.de 日本');
  });

  it('stays in its one line, by tabs', () => {
    fc.assert(
      fc.property(anyText, anyText, (input, message) => {
        const error = { code: 'malformed' as const, message, retryable: false, attempts: 0 };
        const line = rowLine({ line: 3, status: 'invalid', target: null, input, error });
        expect(line.split('\t')).toHaveLength(4);
        expect(line.replaceAll('\t', '')).not.toMatch(CONTROL);
      }),
    );
  });

  it('stays in its one line of an event, whatever the event is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), anyText, (payload, id) => {
        expect(eventLine(id, payload, false)).not.toMatch(CONTROL);
      }),
    );
  });
});

describe('a table', () => {
  it('lines up its columns, figures to the right', () => {
    const rows = [
      ['weekly', '1,000', '$0.5000'],
      ['a', '7', '$12.5000'],
    ];
    expect(formatTable(['tag', 'rows', 'spent'], rows).split('\n')).toEqual([
      'tag      rows     spent',
      'weekly  1,000   $0.5000',
      'a           7  $12.5000',
    ]);
  });

  it('keeps one line for each row and a bound on widths, whatever the cells hold', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyText, { minLength: 2, maxLength: 2 })), (rows) => {
        const lines = formatTable(['one', 'two'], rows).split('\n');
        expect(lines).toHaveLength(rows.length + 1);
        for (const line of lines) {
          expect(line).not.toMatch(CONTROL);
          expect([...line].length).toBeLessThanOrEqual(2 * 48 + 2);
        }
      }),
    );
  });
});

describe('figures', () => {
  it.each([
    [formatUsd(0), '$0.0000'],
    [formatUsd(0.000036), '$0.000036'],
    [formatUsd(12.5), '$12.5000'],
    [formatBytes(999), '999 B'],
    [formatBytes(1_234_567), '1.2 MB'],
    [formatDuration(0), '0.0 s'],
    [formatDuration(900), '0.9 s'],
    [formatDuration(59_400), '59 s'],
    [formatDuration(59_600), '1 min 0 s'],
    [formatDuration(3_840_000), '1 h 4 min'],
    [formatDuration(90_000_000), '1 d 1 h'],
    [formatRate(2.44), '2.4 rows/s'],
    [formatRate(2310.4), '2,310 rows/s'],
  ])('%s', (shown, wanted) => expect(shown).toBe(wanted));
});

describe('a summary', () => {
  it('says why a job that is not finished does not go on', () => {
    const bound_detail = 'The account is paused, upstream_funds: the next probe is at 2026-11-29T12:00:07Z.';
    const paused = { ...job, status: 'paused', reason: 'upstream_funds', outcome: null, finished_at: null } as const;
    expect(jobSummary({ ...paused, bound_detail }, null).split('\n')).toContain(`waits  ${bound_detail}`);
  });

  const job: Parameters<typeof jobSummary>[0] = {
    id: 'job_1',
    tag: 'weekly',
    endpoint: 'bulk_backlinks',
    status: 'completed',
    reason: null,
    outcome: 'partial',
    created_at: '2026-11-01T10:00:00.000Z',
    finished_at: '2026-11-01T10:00:12.000Z',
    rows: { total: 1000, pending: 0, ok: 990, empty: 0, failed: 7, invalid: 3, skipped: 0 },
    items: 990,
    calls: { attempts: 1 },
    cost: { spent_usd: 0.06, wasted_usd: 0.024, unconfirmed_usd: 0 },
    upstream: { simulated: true },
    bound_detail: null,
  };

  it('says how a job ended and what can be done', () => {
    expect(jobSummary(job, ['--all']).split('\n')).toEqual([
      'job_1  bulk_backlinks  tag weekly',
      'completed, partial, after 12 s',
      'rows   1,000: 990 ok, 7 failed, 3 invalid',
      'cost   $0.0600, $0.0240 of it for lost answers (simulated), 990 items in 1 call',
      'next   linkhaul results job_1 -o results.ndjson',
      'next   linkhaul rows job_1 --status failed,invalid,skipped',
      'next   linkhaul retry job_1 --all',
    ]);
  });

  it('says where the list is rather misread than wrong', () => {
    const rows = { total: 4, pending: 0, ok: 2, empty: 0, failed: 0, invalid: 2, skipped: 0 };
    expect(jobSummary({ ...job, rows }, null)).not.toContain('note');
    expect(jobSummary({ ...job, rows: { ...rows, ok: 1, invalid: 3 } }, null)).toContain(
      '--column names the column with the URLs',
    );
  });

  it.each([
    ['budget', '--max-cost'],
    ['tenant_budget', 'by itself'],
    ['upstream_funds', 'by itself'],
    ['upstream_changed', 'upgrade, then linkhaul resume job_1'],
    ['user', 'linkhaul resume job_1'],
  ])('says what ends a pause: %s', (reason, advice) => {
    const paused = { ...job, status: 'paused', reason, outcome: null, finished_at: null } as const;
    expect(jobSummary(paused, null)).toContain(advice);
  });

  it('of an estimate says the range', () => {
    const estimate: Parameters<typeof estimateSummary>[0] = {
      rows: 10,
      invalid: 1,
      duplicates: 2,
      calls: { planned: 3, in_input_order: 9 },
      cost_usd: { low: 0.1, high: null },
      saved_usd: 0.2,
      saved_by_reuse_usd: 0.1,
      duration_ms: { low: 1000, high: 5000 },
      bound_by: 'upstream_rate',
      balance_usd: 50,
      input: { ...sampleInput, invalid_sample: [], hints: [] },
    };
    const lines = estimateSummary(estimate);
    expect(lines.split('\n')[0]).toBe(
      'list      CSV, utf-8, between columns ";", header in line 1, targets from "Target URL": 12 lines, 2 of them blank, 1 comment',
    );
    expect(lines).toContain("calls     3 (9 if sent in the list's order)");
    expect(estimateSummary({ ...estimate, calls: { planned: 3, in_input_order: 3 } })).toContain('calls     3\n');
    expect(lines).toContain('$0.1000 or more: nothing limits the lists, saves $0.2000');
    expect(lines).toContain('1 s to 5 s, bound by upstream_rate');
    const unknown = { ...estimate, cost_usd: { low: 1, high: 1 }, duration_ms: { low: null, high: null } };
    expect(estimateSummary(unknown)).toContain('cost      $1.0000, saves');
    expect(estimateSummary(unknown)).toContain('no worker is running');
  });

  it('of usage has the groups first and the total last', () => {
    const sums = { calls: 1, items: 2, spent_usd: 3, wasted_usd: 0, unconfirmed_usd: 0 };
    const table = usageTable({ usage: [{ tag: 'a', ...sums }], total: sums, next_cursor: null }).split('\n');
    expect(table[0]).toBe('tag    calls  items    spent   wasted  unconfirmed');
    expect(table.map((line) => line.split(' ')[0])).toEqual(['tag', 'a', 'total']);
  });

  it('of an event says what happened to which job', () => {
    const rows = { total: 3, ok: 2, failed: 1 };
    const data: { job: Partial<Record<keyof Job, unknown>> } = {
      job: { id: 'job_1', tag: 't', outcome: 'partial', reason: null, rows, cost: { spent_usd: 1 } },
    };
    expect(eventLine('evt_1', { type: 'job.completed', timestamp: 'T', data }, true)).toBe(
      'T  job.completed  job_1  tag t  partial  2 of 3 rows ok, 1 failed  $1.0000  evt_1  (again)',
    );
    expect(eventLine('evt_2', { type: 'account.paused', timestamp: 'T', data: {} }, false)).toBe(
      'T  account.paused  evt_2',
    );
  });
});
