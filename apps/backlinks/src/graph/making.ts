import type { DuckDBConnection } from '@duckdb/node-api';
import { chunksOf, runFor } from './chunks.js';
import { CREATE_LINKS } from './links.js';
import { CREATE_PAGES } from './pages.js';
import { rankGraph } from './ranks.js';
import { DUCKDB_FUNCTIONS } from './shared-functions.js';
import { CREATE_SUMMARIES, INDEX_SUMMARIES, INSERT_SUMMARIES } from './summaries.js';

/** A step of making the graph. Large steps run in chunks, numbered from 1. */
export interface MakingStep {
  readonly stage: 'sites' | 'sightings' | 'links' | 'ranks' | 'pages' | 'summaries' | 'indexes' | 'domain tier';
  readonly chunk: number;
  readonly chunks: number;
}

export type OnStep = (step: MakingStep) => void;

/** Where the rows of a graph come from. All these statements know `domain_frames`, the ranges of numbers of each domain. */
export interface RowSource {
  /** These two are run for a range of domains at a time. The second knows `page_ranks`. */
  readonly insertLinks: string;
  readonly insertPages: string;
  /** Make `domains`, `hosts` and what else is made of links and ranks. */
  readonly finishSites: readonly string[];
  /** The spam score of no links, as SQL: null where no source knows of spam. */
  readonly spamOfNothing: '0' | 'NULL';
  /** Tables that are in the way when the pages are there. */
  readonly spent: readonly string[];
}

/** How many links and pages are made at a time. */
const ROWS_AT_ONCE = 1_000_000;

/** Half of them for the metrics: these gather lists for each subject, of which DuckDB's `memory_limit` counts only a part. */
const MEASURED_AT_ONCE = ROWS_AT_ONCE / 2;

export async function runAll(connection: DuckDBConnection, steps: readonly string[]): Promise<void> {
  for (const step of steps) await connection.run(step);
}

/**
 * Makes the tables of links, pages, ranks and summaries. Large tables are made for a range of domains at a time, so that nothing
 * large is ever sorted.
 */
export async function makeTables(connection: DuckDBConnection, from: RowSource, onStep: OnStep): Promise<void> {
  const ranges = await chunksOf(connection, ROWS_AT_ONCE);
  const inChunks = async (stage: MakingStep['stage'], inserts: readonly string[], of = ranges) => {
    const runs = inserts.flatMap((insert) => of.map((range) => ({ insert, range })));
    for (const [i, { insert, range }] of runs.entries()) {
      onStep({ stage, chunk: i + 1, chunks: runs.length });
      await runFor(connection, [range], insert);
    }
  };
  await runAll(connection, DUCKDB_FUNCTIONS);
  await connection.run(`CREATE MACRO spam_of_nothing() AS ${from.spamOfNothing}`);
  await connection.run(CREATE_LINKS);
  await inChunks('links', [from.insertLinks]);
  onStep({ stage: 'ranks', chunk: 1, chunks: 1 });
  await rankGraph(connection, ranges);
  await runAll(connection, [...from.finishSites, CREATE_PAGES, ...CREATE_SUMMARIES]);
  await inChunks('pages', [from.insertPages]);
  await runAll(
    connection,
    ['page_ranks', ...from.spent].map((table) => `DROP TABLE ${table}`),
  );
  await inChunks('summaries', INSERT_SUMMARIES, await chunksOf(connection, MEASURED_AT_ONCE));
  onStep({ stage: 'indexes', chunk: 1, chunks: 1 });
  await runAll(connection, INDEX_SUMMARIES);
}
