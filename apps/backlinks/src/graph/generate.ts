import type { DuckDBConnection } from '@duckdb/node-api';
import { chunksOf, runFor } from './chunks.js';
import { prepareDraws } from './draws.js';
import { CREATE_LINKS, INSERT_LINKS, LINK_MACROS } from './links.js';
import { writeMark } from './mark.js';
import { CREATE_PAGES, INSERT_PAGES, META_MACROS, PAGE_MACROS } from './pages.js';
import { PLACE_STEPS } from './places.js';
import { rankGraph } from './ranks.js';
import { createSources } from './seeds.js';
import type { GraphSettings } from './settings.js';
import { FINISHED_SITES, SITE_STEPS } from './sites.js';
import { CREATE_SUMMARIES, INDEX_SUMMARIES, INSERT_SUMMARIES } from './summaries.js';

/** A step of making the graph. Large steps run in chunks, numbered from 1. */
export interface MakingStep {
  readonly stage: 'sites' | 'links' | 'ranks' | 'pages' | 'summaries' | 'indexes';
  readonly chunk: number;
  readonly chunks: number;
}

/**
 * Fills an empty database with the generated web. Equal settings give equal rows, independent of memory and cores.
 * Large tables are made for a range of domains at a time, so that nothing large is ever sorted.
 */
export async function generateGraph(
  connection: DuckDBConnection,
  settings: GraphSettings,
  onStep: (step: MakingStep) => void = () => {},
): Promise<void> {
  const all = async (steps: readonly string[]) => {
    for (const step of steps) await connection.run(step);
  };
  const once = (stage: MakingStep['stage']) => onStep({ stage, chunk: 1, chunks: 1 });
  once('sites');
  await prepareDraws(connection, settings);
  await createSources(connection, settings.seedTargets);
  await all([...SITE_STEPS, ...PLACE_STEPS, ...PAGE_MACROS, ...META_MACROS, ...LINK_MACROS]);
  const ranges = await chunksOf(connection);
  const inChunks = async (stage: MakingStep['stage'], inserts: readonly string[]) => {
    const runs = inserts.flatMap((insert) => ranges.map((range) => ({ insert, range })));
    for (const [i, { insert, range }] of runs.entries()) {
      onStep({ stage, chunk: i + 1, chunks: runs.length });
      await runFor(connection, [range], insert);
    }
  };
  await connection.run(CREATE_LINKS);
  await inChunks('links', [INSERT_LINKS]);
  once('ranks');
  await rankGraph(connection, ranges);
  await all([...FINISHED_SITES, CREATE_PAGES, ...CREATE_SUMMARIES]);
  await inChunks('pages', [INSERT_PAGES]);
  await all(['page_ranks', 'outlinks', 'drawn_hosts'].map((table) => `DROP TABLE ${table}`));
  await inChunks('summaries', INSERT_SUMMARIES);
  once('indexes');
  await all(INDEX_SUMMARIES);
  await writeMark(connection, settings);
}
