import type { DuckDBConnection } from '@duckdb/node-api';
import { prepareDraws } from './draws.js';
import { INSERT_LINKS, LINK_MACROS } from './links.js';
import { makeTables, type OnStep, type RowSource, runAll } from './making.js';
import { writeMark } from './mark.js';
import { GENERATED } from './origin.js';
import { INSERT_PAGES, META_MACROS, PAGE_MACROS } from './pages.js';
import { PLACE_STEPS } from './places.js';
import { createSources } from './seeds.js';
import { fingerprintOf, type GraphSettings } from './settings.js';
import { FINISHED_SITES, SITE_STEPS } from './sites.js';

/** Fills an empty database with the generated web. Equal settings give equal rows, independent of memory and cores. */
export async function generateGraph(
  connection: DuckDBConnection,
  settings: GraphSettings,
  onStep: OnStep = () => {},
): Promise<void> {
  onStep({ stage: 'sites', chunk: 1, chunks: 1 });
  await prepareDraws(connection, settings);
  await createSources(connection, settings.seedTargets);
  await runAll(connection, [...SITE_STEPS, ...PLACE_STEPS, ...PAGE_MACROS, ...META_MACROS, ...LINK_MACROS]);
  const generated: RowSource = {
    insertLinks: INSERT_LINKS,
    insertPages: INSERT_PAGES,
    finishSites: FINISHED_SITES,
    spamOfNothing: '0',
    spent: ['outlinks', 'drawn_hosts'],
  };
  await makeTables(connection, generated, onStep);
  await writeMark(connection, { fingerprint: fingerprintOf(settings), origin: GENERATED });
}
