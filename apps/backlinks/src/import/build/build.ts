import { createHash } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { DomainTier } from '@linkhaul/schemas';
import { z } from 'zod';
import { expectReplaceable, type FileOptions, GraphFileError, makeFile } from '../../graph/graph-file.js';
import { makeTables, type OnStep, type RowSource, runAll } from '../../graph/making.js';
import { readCounts, writeMark } from '../../graph/mark.js';
import { GRAPH_VERSION, type GraphCounts } from '../../graph/settings.js';
import { type Part, readParts } from '../part-files.js';
import { makeDomainTier, WEB_RANK_STEPS } from './domain-tier.js';
import { expectSound } from './expect-sound.js';
import { INSERT_BUILT_LINKS } from './links.js';
import { FRAME_STEPS, NAME_STEPS } from './names.js';
import { originOf } from './origin.js';
import { INSERT_BUILT_PAGES } from './pages.js';
import { createPartViews } from './part-views.js';
import { SIGHTING_STEPS } from './sightings.js';
import { BUILT_SITES } from './sites.js';

/** Where the graph goes, and with which resources it is made. */
export interface BuildOptions {
  readonly path: string;
  readonly memory: string;
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onStep?: OnStep;
}

const ROWS: RowSource = {
  insertLinks: INSERT_BUILT_LINKS,
  insertPages: INSERT_BUILT_PAGES,
  finishSites: BUILT_SITES,
  spamOfNothing: 'NULL',
  spent: ['sightings', 'page_keys', 'unread_sources', 'fetches', 'visits'],
};

/**
 * Builds the graph of all parts of a folder into a new file, which takes the place of an older graph at once. If that fails, the
 * older graph is as it was, and what is thrown is a GraphFileError with a sentence for the user.
 */
export async function buildGraph(folder: string, options: BuildOptions): Promise<Built> {
  const file: FileOptions = { ...options, named: { file: '--into', memory: 'BACKLINKS_MEMORY' } };
  await expectReplaceable(file);
  const parts = await readParts(folder).catch((error: unknown) => {
    throw new GraphFileError(error instanceof Error ? error.message : String(error), { cause: error });
  });
  if (parts.length === 0) throw new GraphFileError(`${folder} holds no parts: import something into it first`);
  await expectSound(folder, parts);
  let built: Built = { domains: 0, pages: 0, links: 0, tier: null };
  await makeFile(file, async (connection, onStep) => {
    const tier = await fill(connection, { folder, parts, onStep });
    built = { ...(await readCounts(connection)), tier };
  });
  return built;
}

/** What a graph came to. */
export interface Built extends GraphCounts {
  readonly tier: DomainTier | null;
}

interface Filling {
  readonly folder: string;
  readonly parts: readonly Part[];
  readonly onStep: OnStep;
}

async function fill(connection: DuckDBConnection, { folder, parts, onStep }: Filling): Promise<DomainTier | null> {
  onStep({ stage: 'sites', chunk: 1, chunks: 1 });
  await createPartViews(connection, { folder, parts });
  await runAll(connection, [...NAME_STEPS, ...WEB_RANK_STEPS]);
  onStep({ stage: 'sightings', chunk: 1, chunks: 1 });
  await runAll(connection, [...SIGHTING_STEPS, ...FRAME_STEPS]);
  const fetched = await connection.runAndReadAll('SELECT count(*)::INTEGER AS pages FROM visits');
  const [{ pages } = { pages: 0 }] = z.array(z.object({ pages: z.number() })).parse(fetched.getRowObjectsJS());
  await makeTables(connection, ROWS, onStep);
  onStep({ stage: 'domain tier', chunk: 1, chunks: 1 });
  const tier = await makeDomainTier(connection, parts);
  await writeMark(connection, { fingerprint: fingerprintOf(parts), origin: originOf(parts, { pages, tier }) });
  return tier;
}

/** Parts of the same names and heads make equal graphs. */
function fingerprintOf(parts: readonly Part[]): string {
  return createHash('sha256')
    .update(JSON.stringify([GRAPH_VERSION, parts]))
    .digest('hex');
}
