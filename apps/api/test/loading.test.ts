import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manifest } from '@linkhaul/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askDuck } from './duck.js';
import { finishedListJob } from './finished-job.js';
import { ask, ndjsonOf } from './http.js';
import { rawly } from './raw.js';
import { createStarter } from './service.js';

const starter = createStarter();
let folder: string;
let url: string;
let recipe: string;

/** The SQL of one warehouse's recipe, as a reader would copy it, with this job's files in it. */
async function recipeOf(warehouse: string): Promise<string> {
  const text = await readFile(new URL('../../../docs/loading.md', import.meta.url), 'utf8');
  const [, section = ''] = text.split(`## ${warehouse}\n`);
  const blocks = (section.split('\n## ')[0] ?? '').matchAll(/```sql\n(.*?)```/gs);
  return [...blocks].map(([, sql]) => sql).join('');
}

beforeAll(async () => {
  const service = await starter.start();
  folder = await mkdtemp(join(tmpdir(), 'linkhaul-loading-'));
  url = await finishedListJob(service);
  const downloads = {
    'results.csv': 'csv',
    'results.parquet': 'parquet',
    'results.ndjson': 'ndjson',
    'results.pairs.ndjson': 'ndjson&maps=pairs',
  };
  for (const [name, form] of Object.entries(downloads)) {
    await writeFile(join(folder, name), (await rawly(`${url}/results?format=${form}`)).body);
  }
  const { files } = manifest.parse(JSON.parse((await ask(`${url}/manifest`)).text));
  for (const [at, { path }] of files.entries()) {
    await writeFile(join(folder, `${at}.ndjson.gz`), (await service.services.storage.get(path)) ?? '');
    // The place that the recipe names is the place where the files are.
    expect(path.replace(/job_[0-9a-z]+/, 'job_1').replace(/\d+\.ndjson/, '*.ndjson')).toBe(
      'results/local/job_1/run-1.v2/ndjson/*.ndjson.gz',
    );
  }
  recipe = (await recipeOf('DuckDB'))
    .replaceAll('results/local/job_1/run-1.v2/ndjson/*.ndjson.gz', join(folder, '*.ndjson.gz'))
    .replaceAll("'results.", `'${folder}/results.`);
});
afterAll(async () => {
  await starter.closeAll();
  await rm(folder, { recursive: true });
});

describe('the recipe for DuckDB', () => {
  it.each(['results', 'downloaded', 'stored', 'from_pairs', 'from_csv'])('loads every line into %s', async (table) => {
    const lines = (await ndjsonOf(url, 'results')).map((line) => JSON.parse(line));
    const rows = await askDuck(`${recipe};\nSELECT line, input, id, status FROM ${table}`);
    expect(rows).toEqual(lines.map(({ line, input, id, status }) => ({ line: String(line), input, id, status })));
  });

  it('finds the upstream fields in it', async () => {
    const upTo = (next: string) => recipe.slice(0, recipe.indexOf(`CREATE TABLE ${next}`));
    expect(await askDuck(upTo('from_csv'))).toEqual([
      { target: 'a.com', country: '', links: '7' },
      { target: 'a.com', country: 'US', links: '1' },
    ]);
    expect(await askDuck(upTo('from_pairs'))).toEqual([
      { target: 'a.com', page: 'https://a.com/"x",\n', rank: '-3' },
      { target: 'a.com', page: '', rank: null },
    ]);
    expect(await askDuck(`${recipe};\nSELECT count(*) AS empty FROM from_csv WHERE page = ''`)).toEqual([
      { empty: '2' },
    ]);
  });
});
