import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { GraphFileError } from '../../src/graph/graph-file.js';
import { buildGraph } from '../../src/import/build/build.js';
import { spawnOn } from '../backlinks-process.js';
import { linkSeen, pageFetched, writePart } from './rows.js';

const MEANS = { memory: '500MB', threads: 1 };
const [FIRST, SECOND] = [new Date('2026-03-01T12:00:00Z'), new Date('2026-03-08T12:00:00Z')];

let folder = '';
let path = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'served-'));
  path = join(folder, 'graph.duckdb');
});
afterAll(() => rm(folder, { recursive: true }));

/** A crawl of one page on a day. */
function crawl(at: Date, targets: readonly string[]) {
  const page = pageFetched('https://source.com/', { fetched_at: at, links_external: targets.length, title: 'Source' });
  return { pages: [page], links: targets.map((to) => linkSeen('https://source.com/', to, { seen_at: at })) };
}

const items = z.object({ tasks: z.array(z.object({ result: z.array(z.looseObject({})) })) });

/** The first result, and whether it says that it is simulated. */
async function ask(port: number, name: string, task?: unknown) {
  const answer = await fetch(`http://127.0.0.1:${port}/v3/backlinks/${name}`, {
    ...(task === undefined ? {} : { method: 'POST', body: JSON.stringify([task]) }),
    headers: { authorization: `Basic ${Buffer.from('local:local').toString('base64')}` },
  });
  const [{ result } = { result: [] }] = items.parse(await answer.json()).tasks;
  return { result: result[0], simulated: answer.headers.get('x-linkhaul-simulated') };
}

describe('an imported graph', () => {
  test('is served as what it is, and another one takes its place while it is served', async () => {
    const parts = join(folder, 'parts');
    await writePart(parts, 'one', crawl(FIRST, ['https://kept.com/', 'https://gone.com/']));
    await buildGraph(parts, { ...MEANS, path });
    // Another setting does not replace what nobody can make from settings.
    const server = spawnOn(path, { BACKLINKS_SEED: '9' });
    try {
      await server.listening;
      const { port } = z.object({ port: z.number() }).parse(server.lines.at(-1));
      expect(server.lines.at(-1)).toMatchObject({ simulated: false, links: 2 });
      const summary = await ask(port, 'summary/live', { target: 'gone.com' });
      expect(summary).toMatchObject({
        simulated: null,
        result: {
          backlinks: 1,
          crawled_pages: 0,
          broken_backlinks: null,
          backlinks_spam_score: null,
          referring_ips: null,
          referring_links_countries: null,
          info: { server: null, country: null, target_spam_score: null },
          internal_links_count: null,
        },
      });
      const origin = { kind: 'imported', fetched_pages: 1, domains: 3, domain_tier: null };
      expect((await ask(port, 'index')).result).toMatchObject({
        total_backlinks: 2,
        origin: { ...origin, sources: [{ form: 'warc', files: 1, links: 2, first_date: FIRST.toISOString() }] },
      });

      await writePart(parts, 'two', crawl(SECOND, ['https://kept.com/', 'https://new.com/']));
      await buildGraph(parts, { ...MEANS, path });
      const lostOf = async () =>
        (await ask(port, 'backlinks/live', { target: 'gone.com', backlinks_status_type: 'lost' })).result;
      await expect
        .poll(lostOf, { timeout: 20_000 })
        .toMatchObject({ items: [{ is_lost: true, url_to_status_code: null }] });
      expect((await ask(port, 'summary/live', { target: 'gone.com' })).result).toMatchObject({ backlinks: 0 });
      expect(
        (await ask(port, 'summary/live', { target: 'gone.com', backlinks_status_type: 'lost' })).result,
      ).toMatchObject({
        lost_date: '2026-03-08 12:00:00 +00:00',
      });
      const days = { date_from: '2026-03-01', date_to: '2026-03-31', group_range: 'month' };
      expect(
        (await ask(port, 'timeseries_new_lost_summary/live', { target: 'gone.com', ...days })).result,
      ).toMatchObject({
        items: [{ new_backlinks: 1, lost_backlinks: 1 }],
      });
    } finally {
      server.kill('SIGTERM');
      expect(await server.code).toBe(0);
    }
  });

  test('that cannot be built leaves the one that is there, and says why', async () => {
    const before = await readFile(path);
    const empty = join(folder, 'none');
    await expect(buildGraph(empty, { ...MEANS, path })).rejects.toThrow(GraphFileError);
    const parts = join(folder, 'broken');
    await writePart(parts, 'one', crawl(FIRST, ['https://kept.com/']));
    await writeFile(join(parts, 'links', 'one.parquet'), 'no rows');
    await expect(buildGraph(parts, { ...MEANS, path })).rejects.toThrow(GraphFileError);
    await rm(join(parts, 'links', 'one.parquet'));
    await expect(buildGraph(parts, { ...MEANS, path })).rejects.toThrow(/one\.parquet is missing/);
    expect((await readFile(path)).equals(before)).toBe(true);
    expect((await readdir(folder)).filter((name) => name.includes('.making-'))).toEqual([]);
  });

  test('for which there is no room on the disk leaves the one that is there, and says so', async () => {
    const before = await readFile(path);
    const graph = fileURLToPath(new URL('../../dist/graph-main.js', import.meta.url));
    // No file may grow over 1 MB, which is less than any graph takes.
    const build = spawn('sh', [
      '-c',
      'ulimit -f 1000; exec node "$@"',
      'sh',
      graph,
      'build',
      '--into',
      path,
      '--parts',
      join(folder, 'parts'),
    ]);
    let said = '';
    build.stderr.on('data', (text) => {
      said += text;
    });
    expect(await new Promise((resolve) => build.once('close', resolve))).toBe(1);
    expect(said).toContain('--into');
    expect(said).not.toContain('    at ');
    expect((await readFile(path)).equals(before)).toBe(true);
    expect((await readdir(folder)).filter((name) => name.includes('.making-'))).toEqual([]);
  });

  test('answers on when something else takes the place of its file', async () => {
    const own = join(folder, 'own.duckdb');
    await buildGraph(join(folder, 'parts'), { ...MEANS, path: own });
    const server = spawnOn(own);
    try {
      await server.listening;
      const { port } = z.object({ port: z.number() }).parse(server.lines.at(-1));
      await writeFile(join(folder, 'no-graph'), 'not a graph');
      await rename(join(folder, 'no-graph'), own);
      const isTold = () => server.lines.some(({ level, msg }) => level === 'error' && msg.includes(own));
      await expect.poll(isTold, { timeout: 20_000 }).toBe(true);
      expect((await ask(port, 'summary/live', { target: 'kept.com' })).result).toMatchObject({ backlinks: 1 });
    } finally {
      server.kill('SIGTERM');
      expect(await server.code).toBe(0);
    }
  });

  test('never takes the place of a file that is something else', async () => {
    const notes = join(folder, 'notes.txt');
    await writeFile(notes, 'not a graph');
    await expect(buildGraph(join(folder, 'parts'), { ...MEANS, path: notes })).rejects.toThrow(notes);
    expect(await readFile(notes, 'utf8')).toBe('not a graph');
  });
});
