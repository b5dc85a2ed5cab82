import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Watch, WatchRun } from '@linkhaul/schemas';
import { describe, expect, it, onTestFinished } from 'vitest';
import { json, serve } from '../../../packages/client/test/service/http-server.js';
import { invoke } from './invoke.js';

const RUN: WatchRun = {
  at: '2026-11-30T05:00:00.000Z',
  job: 'job_1',
  by: 'schedule',
  started_at: '2026-11-30T05:00:01.000Z',
  finished_at: '2026-11-30T05:01:00.000Z',
  status: 'completed',
  outcome: 'complete',
  skipped: null,
  cost_usd: 0.5,
  total: 1200,
  counts: { new: 1, lost: 2, changed: 3, same: 4, unknown: 0, removed: 0 },
  alerts: 1,
};

const WATCH: Watch = {
  name: 'rivals',
  endpoint: 'bulk_backlinks',
  params: {},
  metadata: {},
  max_items_per_target: 1000,
  max_age: null,
  max_cost_usd: null,
  on_budget: 'pause',
  on_invalid: 'skip',
  retention_days: 30,
  target_as: 'given',
  keep_www: false,
  schedule: { cron: '0 6 * * 1', time_zone: 'Europe/Berlin' },
  tag: 'rivals',
  budget: { usd: 20, period: 'month', committed_usd: 1.5 },
  list: { rows: 2, invalid: 0, duplicates: 0, estimated_usd: 0.02 },
  alert: [{ field: 'backlinks', change: 'drop', by: '5%', scope: 'row' }],
  webhook: null,
  field: 'backlinks',
  version: 1,
  status: 'active',
  created_at: '2026-11-01T00:00:00.000Z',
  changed_at: '2026-11-01T00:00:00.000Z',
  next_run_at: '2026-12-07T05:00:00.000Z',
  run: null,
  last_run: RUN,
  totals: [1100, 1200],
};

async function service() {
  const { baseUrl, seen } = await serve(({ method, url }, response) => {
    if (method === 'DELETE') return void response.writeHead(204).end();
    if (url.pathname.endsWith('/runs')) return json(response, { runs: [RUN], next_cursor: null });
    json(response, url.pathname.endsWith('/watches') ? { watches: [WATCH], next_cursor: null } : WATCH);
  });
  return { seen, url: baseUrl };
}

describe('watches', () => {
  it.each([
    [['watches'], 'GET /v1/watches', /rivals .*0 6 \* \* 1 \(Europe\/Berlin\) .*2026-12-07 05:00Z .*\$1\.5/],
    [
      ['watches', 'rivals'],
      'GET /v1/watches/rivals',
      /Last: 2026-11-30 05:00Z complete, backlinks 1,200 in all, 1 new, 2 lost, 3 changed/,
    ],
    [['watches', 'runs', 'rivals'], 'GET /v1/watches/rivals/runs', /job_1 .*1,200 .*1 new, 2 lost, 3 changed/],
    [['watches', 'run', 'rivals'], 'POST /v1/watches/rivals/run', /rivals/],
    [['watches', 'pause', 'rivals'], 'POST /v1/watches/rivals/pause', /rivals/],
    [['watches', 'resume', 'rivals'], 'POST /v1/watches/rivals/resume', /rivals/],
    [['watches', 'delete', 'rivals'], 'DELETE /v1/watches/rivals', /^$/],
  ])('%j', async (words, request, shows) => {
    const { seen, url } = await service();
    const { code, stdout, stderr } = await invoke(words, { url });
    expect({ code, stderr: words[1] === 'delete' ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(seen.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([request]);
    expect(stdout).toMatch(shows);
  });

  it('set sends a list with its fields, or the fields alone', async () => {
    const { seen, url } = await service();
    const folder = await mkdtemp(join(tmpdir(), 'linkhaul-cli-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'list.txt');
    await writeFile(file, 'a.com\n');
    const options = [
      '-e',
      'bulk_backlinks',
      '--every',
      '7d',
      '--budget',
      '20',
      '--alert',
      'drop backlinks 5%, lost,rise backlinks 9 total',
    ];
    const slack = ['--slack', 'https://hooks.slack.com/services/T/B/X'];
    expect((await invoke(['watches', 'set', 'rivals', file, ...options], { url })).code).toBe(0);
    expect((await invoke(['watches', 'set', 'rivals', ...options, ...slack], { url })).code).toBe(0);
    const alert = [
      { change: 'drop', field: 'backlinks', by: '5%' },
      { change: 'lost' },
      { change: 'rise', field: 'backlinks', by: 9, scope: 'total' },
    ];
    const [withList, alone] = seen;
    expect(withList?.method).toBe('PUT');
    expect(Object.fromEntries(withList?.url.searchParams ?? [])).toEqual({
      endpoint: 'bulk_backlinks',
      schedule: '{"every":"7d"}',
      budget: '{"usd":20,"period":"month"}',
      alert: JSON.stringify(alert),
    });
    expect(JSON.parse(String(alone?.body))).toEqual({
      endpoint: 'bulk_backlinks',
      schedule: { every: '7d' },
      budget: { usd: 20, period: 'month' },
      alert,
      webhook: { url: slack[1], format: 'slack', events: ['watch.alert', 'watch.skipped'] },
    });
  });

  it.each([
    [['--cron', '0 6 * * 1', '--every', '7d'], 'either --cron or --every'],
    [[], 'either --cron or --every'],
    [['--every', '7d', '--time-zone', 'UTC'], '--time-zone goes with --cron'],
    [['--every', '7d', '--alert', 'falls backlinks'], '--alert'],
    [['--every', '7d', '--period', 'day'], '--period goes with --budget'],
  ])('set with %j is refused before anything is sent', async (options, says) => {
    const { seen, url } = await service();
    const run = await invoke(['watches', 'set', 'rivals', '-e', 'bulk_backlinks', ...options], { url });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(says);
    expect(seen).toEqual([]);
  });
});
