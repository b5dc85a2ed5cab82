import type { DuckDBConnection } from '@duckdb/node-api';
import { chunksOf, runFor } from './chunks.js';
import { prepareDraws } from './draws.js';
import { CREATE_LINKS, INSERT_LINKS, LINK_MACROS } from './links.js';
import { CREATE_PAGES, INSERT_PAGES, META_MACROS, PAGE_MACROS } from './pages.js';
import { PLACE_STEPS } from './places.js';
import { rankGraph } from './ranks.js';
import { createSources } from './seeds.js';
import { fingerprintOf, type GraphSettings } from './settings.js';
import { FINISHED_SITES, SITE_STEPS } from './sites.js';
import { CREATE_SUMMARIES, INDEX_SUMMARIES, INSERT_SUMMARIES } from './summaries.js';

/**
 * Fills an empty database with the web that the settings describe; equal settings give equal rows, whatever memory
 * and cores there are. Large tables are made for some domains at a time, so that nothing large is ever sorted.
 */
export async function generateGraph(connection: DuckDBConnection, settings: GraphSettings): Promise<void> {
  await prepareDraws(connection, settings);
  await createSources(connection, settings.seedTargets);
  const all = async (steps: readonly string[]) => {
    for (const step of steps) await connection.run(step);
  };
  await all([...SITE_STEPS, ...PLACE_STEPS, ...PAGE_MACROS, ...META_MACROS, ...LINK_MACROS]);
  const ranges = await chunksOf(connection);
  await connection.run(CREATE_LINKS);
  await runFor(connection, ranges, INSERT_LINKS);
  await rankGraph(connection, ranges);
  await all([...FINISHED_SITES, CREATE_PAGES, ...CREATE_SUMMARIES]);
  await runFor(connection, ranges, INSERT_PAGES);
  await all(['page_ranks', 'outlinks', 'drawn_hosts'].map((table) => `DROP TABLE ${table}`));
  for (const insert of INSERT_SUMMARIES) await runFor(connection, ranges, insert);
  await all(INDEX_SUMMARIES);
  await connection.run(
    `CREATE TABLE generator AS SELECT $fingerprint::VARCHAR AS fingerprint, (SELECT count(*) FROM domains) AS domains,
       (SELECT count(*) FROM pages) AS pages, (SELECT count(*) FROM links WHERE via_page IS NULL) AS links`,
    { fingerprint: fingerprintOf(settings) },
  );
}
