import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, jobOf, pageOf, pagesOf, postJson, problemOf } from './http.js';
import { createStarter, type Service } from './service.js';
import { createWorker } from './upstream.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

const submit = async (tag: string, body: object = {}) =>
  jobOf(
    await postJson(`${service.url}/v1/jobs`, {
      endpoint: 'bulk_backlinks',
      targets: ['a.com', 'b', 'c'],
      tag,
      ...body,
    }),
  );

/** Has a job completed with one good row. */
async function complete(id: string): Promise<void> {
  const worker = await createWorker(service, { tenant: 'local', id });
  await worker.plan();
  await worker.send();
  await worker.settle(1, { outcome: { kind: 'bulk', items: [0] }, items: [{ target: 'a.com' }] });
  await worker.finish();
}

const urlOf = (tag: string) => `${service.url}/v1/tags/${encodeURIComponent(tag)}`;

describe('a tag', () => {
  it.each(['a/b?c d%é', '%2F', '%', '%41', 'a+b', '#;=&', '"\\', '日本', '__proto__', ' ', 'a..b'])(
    '%j comes back as it was',
    async (tag) => {
      const { id } = await submit(tag);
      const answer = await ask(urlOf(tag));
      expect(JSON.parse(answer.text)).toMatchObject({ tag, latest: { id }, jobs: [{ id, tag }], next_cursor: null });
      expect(JSON.parse((await ask(`${service.url}/v1/jobs?tag=${encodeURIComponent(tag)}`)).text).jobs).toHaveLength(
        1,
      );
      expect(JSON.parse((await ask(`${service.url}/v1/tags?limit=1000`)).text).tags).toContain(tag);
    },
  );

  it('answers with its latest good job, and goes on with the one it began with', async () => {
    problemOf(await ask(`${urlOf('runs')}/results`), 'not_found');
    const first = await submit('runs');
    problemOf(await ask(`${urlOf('runs')}/results`), 'not_found');
    await complete(first.id);
    expect((await ask(`${urlOf('runs')}/results`)).headers.get('x-linkhaul-job')).toBe(first.id);
    const page = await pageOf(urlOf('runs'), 'results', { limit: '1' });

    const second = await submit('runs');
    await complete(second.id);
    const rest = await ask(`${urlOf('runs')}/results?cursor=${page.next}`);
    expect(rest.headers.get('x-linkhaul-job')).toBe(first.id);
    expect(JSON.parse(rest.text).results).toHaveLength(2);
    expect((await ask(`${urlOf('runs')}/results?format=ndjson`)).headers.get('x-linkhaul-job')).toBe(second.id);
    expect(await pagesOf(urlOf('runs'), 'results', { limit: '1', job: first.id })).toHaveLength(3);
    problemOf(await ask(`${urlOf('runs')}/results?job=job_1`), 'not_found');

    const newest = JSON.parse((await ask(`${urlOf('runs')}?limit=1`)).text);
    expect(newest).toMatchObject({ jobs: [{ id: second.id }], next_cursor: second.id });
    const third = await submit('runs');
    const older = JSON.parse((await ask(`${urlOf('runs')}?limit=1&cursor=${newest.next_cursor}`)).text);
    expect(older).toMatchObject({ latest: { id: third.id }, jobs: [{ id: first.id }], next_cursor: null });
  });

  it.each(['.', '..'])('%s is refused: no path can name it', async (tag) => {
    const answer = await postJson(`${service.url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets: ['a.com'], tag });
    expect(problemOf(answer, 'invalid_request').errors?.[0]?.pointer).toBe('/tag');
  });

  it('answers with a job that is good enough, in every form', async () => {
    const good = await submit('shares', { targets: ['a.com'] });
    await complete(good.id);
    const third = await submit('shares');
    await complete(third.id);
    const idOf = async (query: string, method = 'GET') =>
      (await ask(`${urlOf('shares')}/results?${query}`, { method })).headers.get('x-linkhaul-job');
    expect(await idOf('')).toBe(third.id);
    expect(await idOf('min_ok=0.33')).toBe(third.id);
    for (const form of ['json', 'ndjson', 'csv', 'parquet']) {
      expect(await idOf(`min_ok=0.34&format=${form}`)).toBe(good.id);
      expect(await idOf(`min_ok=1&format=${form}`, 'HEAD')).toBe(good.id);
    }
    const both = await ask(`${urlOf('shares')}/results?job=${third.id}&min_ok=0`);
    expect(problemOf(both, 'invalid_request').errors?.[0]?.pointer).toBe('min_ok');
    const first = await pageOf(urlOf('shares'), 'results', { limit: '1', min_ok: '0' });
    expect(await idOf(`limit=1&min_ok=0&cursor=${first.next}`)).toBe(third.id);
    const { detail } = problemOf(await ask(`${urlOf('runs')}/results?min_ok=0.5`), 'not_found');
    expect(detail).toBe('No completed job of this tag has a share of ok rows of 0.5 or more.');
    for (const share of ['1.1', '-1', 'x', '', '50%']) {
      problemOf(await ask(`${urlOf('shares')}/results?min_ok=${encodeURIComponent(share)}`), 'invalid_request');
    }
  });

  it('of several endpoints lists all, and gives the results of one', async () => {
    const { id } = await submit('mixed');
    await complete(id);
    await submit('mixed', { endpoint: 'referring_domains' });
    expect(JSON.parse((await ask(urlOf('mixed'))).text).jobs).toHaveLength(2);
    expect(JSON.parse((await ask(`${urlOf('mixed')}?endpoint=bulk_backlinks`)).text).jobs).toHaveLength(1);
    problemOf(await ask(`${urlOf('mixed')}/results`), 'conflict');
    expect(await pagesOf(urlOf('mixed'), 'results', { endpoint: 'bulk_backlinks' })).toHaveLength(3);
    problemOf(await ask(`${urlOf('mixed')}?endpoint=nope`), 'invalid_request');
  });

  it('is listed page by page', async () => {
    const own = await starter.start();
    const use = (tag: string) =>
      postJson(`${own.url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets: ['a.com'], tag });
    for (const tag of ['z', 'é', 'x', '日本']) await use(tag);
    // A job without a tag of its own stands among none.
    const untagged = jobOf(await postJson(`${own.url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets: ['a.com'] }));
    expect(untagged.tag).toBe(untagged.id);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: { tags: string[]; next_cursor: string | null } = JSON.parse(
        (await ask(`${own.url}/v1/tags?limit=1${cursor && `&cursor=${cursor}`}`)).text,
      );
      seen.push(...page.tags);
      cursor = page.next_cursor;
      // Neither a tag that is used nor one that is new moves another one.
      for (const tag of ['z', 'x', 'a']) await use(tag);
    }
    expect(seen).toEqual(['x', 'z', 'é', '日本']);
    expect(JSON.parse((await ask(`${own.url}/v1/tags`)).text)).toEqual({ tags: ['a', ...seen], next_cursor: null });
    problemOf(await ask(`${own.url}/v1/tags?cursor=-1`), 'invalid_request');
  });
});
