import { BIGINT, type DuckDBConnection, type DuckDBValue, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import { hostOf, registrableDomain } from '@linkhaul/schemas';
import { LINK_STEPS } from './links.js';
import { PAGE_STEPS } from './pages.js';
import type { SeedTargets } from './seed-targets.js';
import { fingerprintOf, type GraphSettings, PAGES_PER_DOMAIN } from './settings.js';
import { SITE_STEPS } from './sites.js';
import { SUMMARY_STEPS } from './summaries.js';
import * as vocabulary from './vocabulary.js';

/** Said of every bound list of texts: the type of an empty one cannot be told from its values. */
const TEXTS = LIST(VARCHAR);

/** Outcomes of a page, by weight of a hundred. Only a sound page or a copy can be read. */
const FATES = { sound: 91, missing: 2, gone: 1, failing: 1, moved: 3, copy: 2 };

/**
 * Fills an empty database with the web that the settings describe; equal settings give equal rows. A draw is a hash
 * of the seed, a name and a number. It is hashed twice: one round leaves draws of different names correlated.
 */
export async function generateGraph(connection: DuckDBConnection, settings: GraphSettings): Promise<void> {
  await setVariables(connection, settings);
  await connection.run(`CREATE TEMP MACRO draw(name, x) AS (hash(hash(getvariable('seed'), name, x)) >> 1)::BIGINT`);
  await connection.run('CREATE TEMP MACRO unit(name, x) AS (draw(name, x) >> 10)::DOUBLE / 9007199254740992');
  await connection.run('CREATE TEMP MACRO pick(words, name, x) AS words[1 + draw(name, x) % len(words)]');
  await createSets(connection);
  await createSeeds(connection, settings.seedTargets);
  for (const step of [...SITE_STEPS, ...PAGE_STEPS, ...LINK_STEPS, ...SUMMARY_STEPS]) await connection.run(step);
  await connection.run('CREATE TABLE generator AS SELECT $fingerprint::VARCHAR AS fingerprint', {
    fingerprint: fingerprintOf(settings),
  });
}

async function setVariables(connection: DuckDBConnection, settings: GraphSettings): Promise<void> {
  const variables: Record<string, DuckDBValue> = {
    seed: BigInt(settings.seed),
    domains: BigInt(settings.domains),
    pages: BigInt(settings.domains * PAGES_PER_DOMAIN),
    links: BigInt(settings.links),
    tlds: listValue(vocabulary.spread(vocabulary.TLDS)),
    countries: listValue(vocabulary.spread(vocabulary.COUNTRIES)),
    link_types: listValue(vocabulary.spread(vocabulary.LINK_TYPES)),
    semantic_locations: listValue(vocabulary.spread(vocabulary.SEMANTIC_LOCATIONS)),
    servers: listValue(vocabulary.spread(vocabulary.SERVERS)),
    languages: listValue(vocabulary.spread(vocabulary.LANGUAGES)),
    fates: listValue(vocabulary.spread(FATES)),
    subdomains: listValue(vocabulary.SUBDOMAINS),
    sections: listValue(vocabulary.SECTIONS),
    adjectives: listValue(vocabulary.ADJECTIVES),
    nouns: listValue(vocabulary.NOUNS),
    platform_sets: BigInt(vocabulary.PLATFORM_SETS.length),
    attribute_draw: listValue(vocabulary.ATTRIBUTE_SETS.flatMap(({ weight }, id) => Array<number>(weight).fill(id))),
  };
  for (const [name, value] of Object.entries(variables)) {
    const types = typeof value === 'bigint' ? { value: BIGINT } : {};
    await connection.run(`SET VARIABLE ${name} = $value`, { value }, types);
  }
}

async function createSets(connection: DuckDBConnection): Promise<void> {
  await connection.run('CREATE TABLE platform_sets (set_id TINYINT, names VARCHAR[])');
  for (const [id, names] of vocabulary.PLATFORM_SETS.entries()) {
    await connection.run('INSERT INTO platform_sets VALUES ($id, $names)', { id, names: listValue(names) });
  }
  await connection.run('CREATE TABLE attribute_sets (set_id INTEGER, names VARCHAR[], nofollow BOOLEAN)');
  for (const [id, { names }] of vocabulary.ATTRIBUTE_SETS.entries()) {
    await connection.run(
      'INSERT INTO attribute_sets VALUES ($id, $names, $nofollow)',
      { id, names: listValue(names), nofollow: names.includes('nofollow') },
      { names: TEXTS },
    );
  }
}

async function createSeeds(connection: DuckDBConnection, seeds: SeedTargets): Promise<void> {
  await connection.run(
    `CREATE TEMP TABLE seed_domains AS
     SELECT unnest(range(len($names))) AS position, unnest($names) AS domain`,
    { names: listValue(seeds.domains) },
    { names: TEXTS },
  );
  await connection.run(
    'CREATE TEMP TABLE seed_hosts AS SELECT unnest($names) AS host, unnest($domains) AS domain',
    { names: listValue(seeds.hosts), domains: listValue(seeds.hosts.map(registrableDomain)) },
    { names: TEXTS, domains: TEXTS },
  );
  await connection.run(
    `CREATE TEMP TABLE seed_pages AS
     SELECT unnest(range(len($urls))) AS position, unnest($urls) AS url, unnest($hosts) AS host`,
    { urls: listValue(seeds.pages), hosts: listValue(seeds.pages.map(hostOf)) },
    { urls: TEXTS, hosts: TEXTS },
  );
}
