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

it.each(Object.keys(TARGETS) as (keyof typeof TARGETS)[])(
  'an answer of %s that one build does not understand is read by the next one, and is not bought again',
  async (endpoint) => {
    const upstream = await startRecordingUpstream((response, answer) => response.end(JSON.stringify(answer)));
    const installation = await openInstallation(upstream.url);
    onTestFinished(async () => {
      await installation.close();
      upstream.close();
    });
    const targets = [...TARGETS[endpoint]];
    const older = await installation.start({ workers: 1, env: olderBuild });
    const { id } = await older.client.submit({ endpoint, tag: endpoint }, targets);
    const failed = await older.client.waitFor(id);
    expect(failed).toMatchObject({ outcome: 'none', rows: { failed: targets.length } });
    expect(nanos(failed.cost.spent_usd)).toBe(upstream.calls[0]?.nanos);
    const [before] = await collect(older.client.results(id));
    expect(before).toMatchObject({ error: { code: 'answer_unreadable', retryable: false } });

    // Still not understood, and not to be bought: the rows stay as they are.
    await older.client.retry(id, { codes: ['answer_unreadable'] });
    expect(await older.client.waitFor(id)).toMatchObject({ outcome: 'none', rows: { failed: targets.length } });
    await older.stop();

    const newer = await installation.start({ workers: 1 });
    await newer.client.retry(id, { codes: ['answer_unreadable'] });
    const read = await newer.client.waitFor(id);
    const results = await collect(newer.client.results(id));
    expect(read).toMatchObject({ outcome: 'complete', rows: { ok: targets.length, failed: 0 }, items: 3 });
    expect(results.map(({ data }) => data)).toEqual(Array.from({ length: 3 }, () => expect.any(Object)));
    expect(new Set(results.map(({ fetched_at }) => fetched_at))).toEqual(new Set([before?.fetched_at]));
    expect(upstream.calls).toHaveLength(1);
    expect(read.cost.spent_usd).toBe(failed.cost.spent_usd);
  },
);
