import { gunzipSync } from 'node:zlib';
import { type Change, change, diffSummary } from '@linkhaul/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bulkJob, listJob } from './diff-jobs.js';
import { ask, jobOf, postJson, problemOf } from './http.js';
import { rawly } from './raw.js';
import { createStarter, type Service } from './service.js';
import { ownTemporaryFolder } from './temporary-folder.js';
import { createWorker } from './upstream.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);
const folder = ownTemporaryFolder();

const wholeDiff = diffSummary.extend({ changes: z.array(change), next_cursor: z.null() });

const diffUrl = (tag: string, query = '') => `${service.url}/v1/tags/${tag}/diff?${query}`;

async function diffOf(tag: string, query = ''): Promise<z.infer<typeof wholeDiff>> {
  const answer = await ask(diffUrl(tag, query));
  expect(answer.status, answer.text).toBe(200);
  return wholeDiff.parse(JSON.parse(answer.text));
}

describe('the difference of two runs of a bulk endpoint', () => {
  let older: string;
  let base: string;
  let latest: string;
  beforeAll(async () => {
    older = await bulkJob(service, 'bulk', { 'up.com': 1 });
    base = await bulkJob(service, 'bulk', {
      'up.com': 5,
      'down.com': 100,
      'same.com': 7,
      'lost.com': 3,
      'empty.com': null,
      'gone.com': 9,
      'bad.com': undefined,
      'found.com': null,
    });
    latest = await bulkJob(service, 'bulk', {
      'found.com': 4,
      'bad.com': 1,
      'same.com': 7,
      'fresh.com': 8,
      'down.com': 98,
      'lost.com': null,
      'empty.com': null,
      'up.com': 50,
    });
  });

  it('says of each target what became of it, counts first', async () => {
    const { changes, ...summary } = await diffOf('bulk');
    expect(summary).toEqual({
      tag: 'bulk',
      endpoint: 'bulk_backlinks',
      base_job: base,
      job: latest,
      fields: ['backlinks'],
      counts: { new: 2, lost: 1, changed: 2, same: 2, unknown: 1, removed: 1 },
      next_cursor: null,
    });
    // Of the later run, where the target is in it.
    const lines = new Map(
      Object.entries({
        'found.com': 1,
        'bad.com': 2,
        'fresh.com': 4,
        'down.com': 5,
        'lost.com': 6,
        'up.com': 8,
        'gone.com': 6,
      }),
    );
    const line = (target: string, what: Change['change'], [before, after, delta = null]: (number | null)[]) => ({
      key: { target },
      id: `id of ${target}`,
      line: lines.get(target),
      input: target,
      change: what,
      before: before == null ? null : { backlinks: before },
      after: after == null ? null : { backlinks: after },
      delta: delta === null ? null : { backlinks: delta },
    });
    expect(changes).toEqual([
      line('bad.com', 'unknown', [null, 1]),
      line('down.com', 'changed', [100, 98, -2]),
      line('found.com', 'new', [null, 4]),
      line('fresh.com', 'new', [null, 8]),
      line('gone.com', 'removed', [9, null]),
      line('lost.com', 'lost', [3, null]),
      line('up.com', 'changed', [5, 50, 45]),
    ]);
    const text = (await ask(diffUrl('bulk'))).text;
    expect(text.indexOf('"counts"')).toBeLessThan(text.indexOf('"changes"'));
  });

  it('leaves out small changes, and shows what is the same where asked', async () => {
    const small = await diffOf('bulk', 'min_change=3&include=same');
    expect(small.counts).toMatchObject({ changed: 1, same: 3 });
    expect(small.changes.filter((line) => line.change === 'same').map(({ key }) => key.target)).toEqual([
      'down.com',
      'empty.com',
      'same.com',
    ]);
    expect((await diffOf('bulk', 'min_change=2')).counts.changed).toBe(2);
  });

  it('is of the jobs that are named', async () => {
    expect(await diffOf('bulk', `base_job=${older}`)).toMatchObject({ base_job: older, job: latest });
    expect(await diffOf('bulk', `job=${base}`)).toMatchObject({ base_job: older, job: base });
    const back = await diffOf('bulk', `base_job=${latest}&job=${base}`);
    expect(back.changes.find(({ key }) => key.target === 'up.com')?.delta).toEqual({ backlinks: -45 });
    expect(await diffOf('bulk', `base_job=${latest}`)).toMatchObject({ base_job: latest, job: base });
    const same = problemOf(await ask(diffUrl('bulk', `base_job=${base}&job=${base}`)), 'invalid_request');
    expect(same.errors?.[0]?.pointer).toBe('base_job');
  });

  it('comes as NDJSON and CSV too, compressed where that is taken', async () => {
    const json = await diffOf('bulk');
    const lines = (await ask(diffUrl('bulk', 'format=ndjson'))).text.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      diffSummary.parse(JSON.parse(lines[0] ?? '')),
      ...json.changes,
    ]);
    const csv = await rawly(diffUrl('bulk', 'format=csv&download=1'), { 'accept-encoding': 'gzip' });
    expect(csv.headers['x-linkhaul-counts']).toBe('new=2, lost=1, changed=2, same=2, unknown=1, removed=1');
    expect(csv.headers['content-disposition']).toBe(`attachment; filename="${latest}-diff.csv"`);
    const sheet = await rawly(diffUrl('bulk', 'format=csv&spreadsheet=1'));
    expect(String(sheet.body)).toBe(`\ufeff${gunzipSync(csv.body)}`);
    expect(gunzipSync(csv.body).toString().split('\r\n').slice(0, 3)).toEqual([
      'target,id,line,input,change,before__backlinks,after__backlinks,delta__backlinks',
      'bad.com,id of bad.com,2,bad.com,unknown,,1,',
      'down.com,id of down.com,5,down.com,changed,100,98,-2',
    ]);
  });

  it('leaves no files behind', async () => {
    await ask(diffUrl('bulk'), { method: 'HEAD' });
    await expect.poll(() => folder.names()).toEqual([]);
  });

  it('refuses what it cannot compare', async () => {
    problemOf(await ask(diffUrl('none')), 'not_found');
    problemOf(await ask(diffUrl('bulk', `job=${older}`)), 'not_found');
    problemOf(await ask(diffUrl('bulk', 'job=job_1')), 'not_found');
    for (const query of ['include=all', 'min_change=-1', 'format=parquet', 'fields=backlink', 'download=2', 'x=1']) {
      problemOf(await ask(diffUrl('bulk', query)), 'invalid_request');
    }
    expect(problemOf(await ask(diffUrl('bulk', 'fields=backlink')), 'invalid_request').detail).toContain('`backlinks`');
    for (const fields of ['', 'backlinks,']) {
      const { detail } = problemOf(await ask(diffUrl('bulk', `fields=${fields}`)), 'invalid_request');
      expect(detail).toMatch(/^fields: must be names/);
    }
    const open = jobOf(
      await postJson(`${service.url}/v1/jobs`, { endpoint: 'bulk_backlinks', tag: 'bulk', targets: ['a.com'] }),
    );
    problemOf(await ask(diffUrl('bulk', `job=${open.id}`)), 'conflict');
    const other = await listJob(service, 'bulk', { 'up.com': { pages: {} } });
    problemOf(await ask(diffUrl('bulk')), 'conflict');
    problemOf(await ask(diffUrl('bulk', `base_job=${base}&job=${other}`)), 'conflict');
    expect(await diffOf('bulk', 'endpoint=bulk_backlinks')).toMatchObject({ job: latest });
  });
});

describe('the difference to a run whose rows are tried again', () => {
  /** Runs the job again, and leaves the call of its failed rows open. */
  const retry = async (id: string) => {
    const worker = await createWorker(service, { tenant: 'local', id });
    await worker.retire();
    jobOf(await postJson(`${service.url}/v1/jobs/${id}/retry`, {}));
    await worker.planAgain();
    const [call = 0] = await worker.send();
    return { worker, call };
  };

  it('is of the same two jobs; what is tried again is unknown, and then known', async () => {
    const base = await bulkJob(service, 'tried', { 'a.com': 1, 'bad.com': 2 });
    const job = await bulkJob(service, 'tried', { 'a.com': 4, 'bad.com': undefined });
    const ids = { base_job: base, job };
    expect(await diffOf('tried')).toMatchObject({ ...ids, counts: { unknown: 1, changed: 1, removed: 0 } });
    const { worker, call } = await retry(job);
    for (const query of ['', `base_job=${base}&job=${job}`]) {
      const open = await diffOf('tried', query);
      expect(open).toMatchObject({ ...ids, counts: { unknown: 1, changed: 1, removed: 0 } });
      expect(open.changes.find(({ key }) => key.target === 'bad.com')).toMatchObject({
        change: 'unknown',
        after: null,
      });
    }
    await worker.settle(call, {
      outcome: { kind: 'bulk', items: [0] },
      items: [{ target: 'bad.com', backlinks: 9 }],
    });
    await worker.finish();
    expect(await diffOf('tried')).toMatchObject({ ...ids, counts: { unknown: 0, changed: 2, removed: 0 } });
  });

  it('is of the same two jobs where the earlier one is tried again, and of lists', async () => {
    const bad = await listJob(service, 'lists', {
      'a.com': { pages: { '/': {} } },
      'bad.com': { pages: {}, fails: true },
    });
    const job = await listJob(service, 'lists', { 'a.com': { pages: { '/': {} } }, 'bad.com': { pages: { '/': {} } } });
    await retry(bad);
    expect(await diffOf('lists')).toMatchObject({ base_job: bad, job, counts: { same: 1, unknown: 1 } });
  });
});

describe('the difference of two runs of a list endpoint', () => {
  const rank = (value: number, more = {}) => ({ page_summary: { rank: value }, ...more });

  it('knows the one item without a name, such as the links without text', async () => {
    const links = (backlinks: number) => [
      { anchor: null, backlinks },
      { anchor: '', backlinks: 1 },
      { anchor: 'text', backlinks: 2 },
    ];
    await listJob(service, 'anchors', { 'a.com': { items: links(5) } }, 'anchors');
    await listJob(service, 'anchors', { 'a.com': { items: links(7) } }, 'anchors');
    const { changes, counts } = await diffOf('anchors');
    expect(counts).toEqual({ new: 0, lost: 0, changed: 1, same: 2, unknown: 0, removed: 0 });
    expect(changes).toMatchObject([{ key: { target: 'a.com', anchor: null }, delta: { backlinks: 2 } }]);
  });

  it('is of the items of each target, and of whole rows where they are not known', async () => {
    await listJob(service, 'pages', {
      'a.com': { pages: { '/same': rank(1), '/up': rank(2), '/lost': rank(3), '/text': rank(4, { server: 'x' }) } },
      'cut.com': { pages: { '/1': rank(1) }, truncated: true },
      'gone.com': { pages: { '/1': rank(1) } },
      'was.com': { pages: { '/1': rank(1) } },
      'fails.com': { pages: { '/1': rank(1) } },
    });
    await listJob(service, 'pages', {
      'fresh.com': { pages: { '/1': rank(9) } },
      'fails.com': { pages: {}, fails: true },
      'was.com': { pages: {} },
      'cut.com': { pages: { '/1': rank(1) } },
      'a.com': {
        pages: {
          '/text': rank(4, { server: 'y' }),
          '/up': rank(5, { fetch_time: '2024-01-02 03:04:05 +00:00' }),
          '/new': rank(6),
          '/same': rank(1),
        },
      },
    });
    const { changes, counts } = await diffOf('pages', 'fields=page_summary.rank,server');
    expect(counts).toEqual({ new: 2, lost: 2, changed: 2, same: 1, unknown: 2, removed: 1 });
    const shown = changes.map(({ key, change: what, delta }) => [key.target, key.page, what, delta]);
    expect(shown).toEqual([
      ['a.com', '/lost', 'lost', null],
      ['a.com', '/new', 'new', null],
      ['a.com', '/text', 'changed', {}],
      ['a.com', '/up', 'changed', { 'page_summary.rank': 3 }],
      ['cut.com', null, 'unknown', null],
      ['fails.com', null, 'unknown', null],
      ['fresh.com', '/1', 'new', null],
      ['gone.com', null, 'removed', null],
      ['was.com', '/1', 'lost', null],
    ]);
    expect(changes[2]).toMatchObject({
      before: { 'page_summary.rank': 4, server: 'x' },
      after: { 'page_summary.rank': 4, server: 'y' },
    });
    expect(changes[0]).toMatchObject({ line: 5, input: 'a.com', id: null });
    const times = await ask(diffUrl('pages', 'fields=fetch_time&format=csv'));
    expect(times.text).toContain(',/up,,5,a.com,changed,,2024-01-02T03:04:05.000Z,\r\n');
    const numbers = await diffOf('pages');
    expect(numbers.fields).toContain('page_summary.backlinks');
    expect(numbers.fields).not.toContain('page');
    expect(numbers.counts).toMatchObject({ changed: 1, same: 2 });
  });
});
