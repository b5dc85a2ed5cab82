import type { Job } from '@linkhaul/schemas';
import { expect, test } from 'vitest';
import { finishedJob } from '../../../../packages/client/test/service/samples.js';
import { comparedRuns } from '../../src/pages/tags/compared-runs.js';
import { endpointsOf, runPoints, runTime } from '../../src/pages/tags/run-points.js';
import { matching, tagAddress } from '../../src/pages/tags/tag-address.js';
import { numberFields, targetPoints } from '../../src/pages/tags/target-runs.js';

type Given = Pick<Job, 'id'> & Partial<Job>;

function jobOf({ id, ...part }: Given): Job {
  const at = `2026-01-0${id}T00:00:00.000Z`;
  const rows = { total: 2, pending: 0, ok: 2, empty: 0, failed: 0, invalid: 0, skipped: 0 };
  const times = { created_at: at, started_at: at, finished_at: at };
  return { ...finishedJob, id, rows, ...times, ...part };
}
const [first, second, third] = [jobOf({ id: '1' }), jobOf({ id: '2' }), jobOf({ id: '3' })];
const ids = (runs: ReturnType<typeof comparedRuns>) => runs && [runs.base.id, runs.newer.id];

test('the latest two completed runs are compared, or those that the address names', () => {
  const running = jobOf({ id: '4', status: 'running', outcome: null });
  const jobs = [running, third, second, first];
  expect(ids(comparedRuns(jobs, {}))).toEqual(['2', '3']);
  expect(ids(comparedRuns(jobs, { base: '1' }))).toEqual(['1', '3']);
  expect(ids(comparedRuns(jobs, { base: '3', job: '1' }))).toEqual(['3', '1']);
  expect(ids(comparedRuns(jobs, { job: '1' }))).toEqual(['3', '1']);
  expect(ids(comparedRuns(jobs, { base: '4', job: 'gone' }))).toEqual(['2', '3']);
  expect(comparedRuns([running, first], {})).toBeNull();
});

test('points of runs rise in time, and leave out those that have not begun', () => {
  const waits = jobOf({ id: '4', started_at: null });
  const { times, values } = runPoints([waits, third, first], 'ok');
  expect(times).toEqual([Date.parse('2026-01-01'), Date.parse('2026-01-03')]);
  expect(values).toEqual([2, 2]);
  expect(runTime(waits, 0)).toBeNull();
  expect(runTime(jobOf({ id: '1', finished_at: null }), Date.parse('2026-01-01T00:00:05Z'))).toBe(5000);
});

test('the endpoint of the newest job comes first', () => {
  expect(endpointsOf([jobOf({ id: '5', endpoint: 'domain_pages' }), first, second])).toEqual([
    'domain_pages',
    'bulk_backlinks',
  ]);
});

test('a tag of any characters has an address that leads back to it', () => {
  for (const tag of ['a/b', '50%', '🦊', '<img src=x>', '?q=1#x', ' ']) {
    const { pathname } = new URL(tagAddress(tag, { endpoint: 'x', job: '' }), 'http://h');
    expect(decodeURIComponent(pathname.split('/')[2] ?? '')).toBe(tag);
    expect(pathname.split('/')).toHaveLength(3);
  }
  expect(tagAddress('t', { job: '1', base: '' })).toBe('/tags/t?job=1');
  expect(matching(['Weekly', 'daily'], ' WEEK ')).toEqual(['Weekly']);
});

test("a target's numbers rise in time; a run that did not ask for it leaves a gap; a list has counts", () => {
  const run = { finished_at: null, line: 1, items: 1, total_count: null, status: 'ok' as const };
  const runs = [
    { ...run, job: 'b', created_at: '2026-01-02T00:00:00Z', values: { rank: 2, never: null } },
    { ...run, job: 'a', created_at: '2026-01-01T00:00:00Z', status: null, values: null },
  ];
  const fields = [
    { name: 'rank', type: 'integer' as const },
    { name: 'never', type: 'number' as const },
  ];
  expect(numberFields({ fields, runs })).toEqual(['rank']);
  const times = [Date.parse('2026-01-01'), Date.parse('2026-01-02')];
  expect(targetPoints(runs, 'rank')).toEqual({ times, values: [null, 2] });
  expect(numberFields({ fields: [], runs })).toEqual(['items']);
});
