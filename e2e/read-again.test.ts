import type { Stack } from '@linkhaul/stack';
import { expect, it, onTestFinished } from 'vitest';
import { collect, nanos } from './harness.js';
import { openInstallation } from './kept-installation.js';
import { startRecordingUpstream } from './recording-upstream.js';

const TARGETS = { bulk_backlinks: ['one.com', 'two.com', 'three.com'], referring_domains: ['one.com'] } as const;

/** An older build, whose reader does not know where an answer has its items. */
const rewriteReader = `export async function load(url, context, next) {
  const loaded = await next(url, context);
  if (!url.endsWith('/dist/run.js')) return loaded;
  const source = String(loaded.source).replace('elementsOf(items)', 'elementsOf(undefined)');
  if (source === String(loaded.source)) throw new Error('the reader was not found');
  return { ...loaded, source };
}`;
const moduleOf = (source: string) => `data:text/javascript,${encodeURIComponent(source)}`;
const olderBuild = {
  NODE_OPTIONS: `--import=${moduleOf(`import { register } from 'node:module'; register(${JSON.stringify(moduleOf(rewriteReader))});`)}`,
};

it('answers that one build does not understand are read by the next one, and are not bought again', async () => {
  const upstream = await startRecordingUpstream((response, answer) => response.end(JSON.stringify(answer)));
  const installation = await openInstallation(upstream.url);
  onTestFinished(async () => {
    await installation.close();
    upstream.close();
  });
  const older = await installation.start({ workers: 1, env: olderBuild });
  const jobs = [await leaveUnread(older, 'bulk_backlinks'), await leaveUnread(older, 'referring_domains')];
  await older.stop();
  expect(jobs.map(({ failed }) => nanos(failed.cost.spent_usd))).toEqual(upstream.calls.map((call) => call.nanos));

  const { client } = await installation.start({ workers: 1 });
  for (const { id, failed, before } of jobs) {
    await client.retry(id, { codes: ['answer_unreadable'] });
    const read = await client.waitFor(id);
    const results = await collect(client.results(id));
    expect(read).toMatchObject({ outcome: 'complete', rows: { ok: failed.rows.total, failed: 0 }, items: 3 });
    expect(results.map(({ data }) => data)).toEqual(Array.from({ length: 3 }, () => expect.any(Object)));
    expect(new Set(results.map(({ fetched_at }) => fetched_at))).toEqual(new Set([before?.fetched_at]));
    expect(read.cost.spent_usd).toBe(failed.cost.spent_usd);
  }
  expect(upstream.calls).toHaveLength(jobs.length);
});

/** A job whose answer the older build does not understand, now or when its rows are run again. */
async function leaveUnread({ client }: Stack, endpoint: keyof typeof TARGETS) {
  const targets = [...TARGETS[endpoint]];
  const { id } = await client.submit({ endpoint, tag: endpoint }, targets);
  const failed = await client.waitFor(id);
  expect(failed).toMatchObject({ outcome: 'none', rows: { failed: targets.length } });
  const [before] = await collect(client.results(id));
  expect(before).toMatchObject({ error: { code: 'answer_unreadable', retryable: false } });
  // Still not understood, and not to be bought: the rows stay as they are.
  await client.retry(id, { codes: ['answer_unreadable'] });
  expect(await client.waitFor(id)).toMatchObject({ outcome: 'none', rows: { failed: targets.length } });
  return { id, failed, before };
}
