import { jobsPage } from '@linkhaul/schemas';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, jobOf, postJson, problemOf } from './http.js';
import { createStarter, type Service } from './service.js';

const starter = createStarter();
let service: Service;
const ids: string[] = [];

const JOBS = [
  { tag: 'Weekly ÜBERSICHT', metadata: { client: 'Acme GmbH', team: 'seo' } },
  { tag: 'weekly', metadata: { client: 'other' } },
  { tag: 'daily', metadata: { acme: 'x', note: '100% [a].*' } },
];

beforeAll(async () => {
  service = await starter.start();
  for (const fields of JOBS) {
    const body = { endpoint: 'bulk_backlinks', targets: ['a.com'], ...fields };
    ids.push(jobOf(await postJson(`${service.url}/v1/jobs`, body)).id);
  }
});
afterAll(starter.closeAll);

/** Which of the jobs are found, page by page. */
async function found(query: Record<string, string>): Promise<number[]> {
  const all: number[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const search = new URLSearchParams({ ...query, limit: '1', ...(cursor !== '' && { cursor }) });
    const page = jobsPage.parse(JSON.parse((await ask(`${service.url}/v1/jobs?${search}`)).text));
    all.push(...page.jobs.map(({ id }) => ids.indexOf(id)));
    cursor = page.next_cursor;
  }
  return all.reverse();
}

it.each([
  ['WEEKLY', [0, 1]],
  ['übersicht', [0]],
  // A value of the metadata, not its name.
  ['acme', [0]],
  ['% [A].*', [2]],
  ['job_', [0, 1, 2]],
  ['nothing of the kind', []],
])('finds %s in ids, tags and values of the metadata', async (q, wanted) => {
  expect(await found({ q })).toEqual(wanted);
});

it('finds a job by its id, and by the other filters as well', async () => {
  expect(await found({ q: (ids[1] ?? '').toUpperCase() })).toEqual([1]);
  expect(await found({ q: 'weekly', 'metadata[team]': 'seo' })).toEqual([0]);
  expect(await found({ q: 'weekly', status: 'completed' })).toEqual([]);
  for (const q of ['', 'x'.repeat(256)]) {
    problemOf(await ask(`${service.url}/v1/jobs?${new URLSearchParams({ q })}`), 'invalid_request');
  }
});
