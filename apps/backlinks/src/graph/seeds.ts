import { type DuckDBConnection, INTEGER, listValue } from '@duckdb/node-api';
import { hostOf, registrableDomain } from '@linkhaul/schemas';
import { TEXTS } from './draws.js';
import type { SeedTargets } from './seed-targets.js';
import * as vocabulary from './vocabulary.js';

/** Writes the small tables that all others are made from: words, habits of kinds of sites, seed targets. */
export async function createSources(connection: DuckDBConnection, seeds: SeedTargets): Promise<void> {
  await createSets(connection);
  await createPairs(connection, 'tld_countries', vocabulary.TLD_COUNTRIES);
  await createPairs(connection, 'country_languages', vocabulary.COUNTRY_LANGUAGES);
  await createPairs(connection, 'suffix_servers', vocabulary.SUFFIX_SERVERS);
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
  // Every host has a home page.
  await connection.run(
    `CREATE TEMP TABLE seed_pages AS
     SELECT url, host, row_number() OVER (PARTITION BY host ORDER BY position) AS ordinal
     FROM (SELECT unnest(range(len($urls))) AS position, unnest($urls) AS url, unnest($hosts) AS host)
     WHERE url <> 'https://' || host || '/'`,
    { urls: listValue(seeds.pages), hosts: listValue(seeds.pages.map(hostOf)) },
    { urls: TEXTS, hosts: TEXTS },
  );
}

async function createSets(connection: DuckDBConnection): Promise<void> {
  await connection.run('CREATE TABLE platform_sets (set_id TINYINT, names VARCHAR[])');
  await connection.run(
    'CREATE TEMP TABLE platform_habits (set_id TINYINT, nofollow INTEGER, is_blog BOOLEAN, systems VARCHAR[])',
  );
  for (const [id, { names, nofollow, systems }] of vocabulary.PLATFORM_SETS.entries()) {
    await connection.run('INSERT INTO platform_sets VALUES ($id, $names)', { id, names: listValue(names) });
    await connection.run(
      'INSERT INTO platform_habits VALUES ($id, $nofollow, $is_blog, $systems)',
      { id, nofollow, is_blog: names.includes('blogs'), systems: listValue(systems) },
      { nofollow: INTEGER },
    );
  }
  await connection.run('CREATE TABLE attribute_sets (set_id INTEGER, names VARCHAR[], nofollow BOOLEAN)');
  for (const [id, names] of vocabulary.ATTRIBUTE_SETS.entries()) {
    await connection.run(
      'INSERT INTO attribute_sets VALUES ($id, $names, $nofollow)',
      { id, names: listValue(names), nofollow: names.includes('nofollow') },
      { names: TEXTS },
    );
  }
}

async function createPairs(connection: DuckDBConnection, table: string, pairs: Readonly<Record<string, string>>) {
  await connection.run(
    `CREATE TEMP TABLE ${table} AS SELECT unnest($words) AS word, unnest($meanings) AS meaning`,
    { words: listValue(Object.keys(pairs)), meanings: listValue(Object.values(pairs)) },
    { words: TEXTS, meanings: TEXTS },
  );
}
