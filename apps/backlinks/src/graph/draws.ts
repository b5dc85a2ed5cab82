import { BIGINT, type DuckDBConnection, type DuckDBValue, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import type { GraphSettings } from './settings.js';
import * as vocabulary from './vocabulary.js';

/** The explicit type of bound lists: the type of an empty list does not follow from its values. */
export const TEXTS = LIST(VARCHAR);

/**
 * A draw is a hash of the seed, a name and a number, so that no row depends on the order in which rows are made. The
 * value is hashed twice, because after one round draws with different names are correlated.
 */
const MACROS = [
  `draw(name, x) AS (hash(hash(getvariable('seed'), name, x::BIGINT)) >> 1)::BIGINT`,
  'unit(name, x) AS (draw(name, x) >> 10)::DOUBLE / 9007199254740992',
  'chance(name, x, percent) AS draw(name, x) % 100 < percent',
  'pick(words, name, x) AS words[1 + draw(name, x) % len(words)]',
  // Zipf's law, flattened for the first few: the index of `n` at which the cumulative share reaches `u`.
  'taker(u, n, flat) AS least(n - 1, floor(flat * (pow(1 + n / flat, u) - 1)))::INTEGER',
  `phrase(name, x) AS pick(getvariable('phrases'), name, x)`,
  'phrases(name, x, n) AS [phrase(name, x), phrase(name, -1 - x), phrase(name || 2, x), phrase(name || 3, x)][:n]',
];

/** Pairs of an adjective and a noun, drawn once, because draws from a longer list are slower. */
const PHRASES = `SET VARIABLE phrases = (
  WITH pairs AS (
    SELECT adjective, noun, hash(adjective, noun, getvariable('seed')) AS place
    FROM (SELECT unnest(getvariable('adjectives')) AS adjective), (SELECT unnest(getvariable('nouns')) AS noun)
  )
  SELECT list(upper(adjective[1:1]) || adjective[2:] || ' ' || noun ORDER BY place, adjective, noun)[:1000] FROM pairs)`;

/** Defines the draws and their word lists on the connection. */
export async function prepareDraws(connection: DuckDBConnection, settings: GraphSettings): Promise<void> {
  const numbers = { seed: settings.seed, domains: settings.domains, links: settings.links };
  for (const [name, value] of Object.entries(numbers)) {
    await connection.run(`SET VARIABLE ${name} = $value`, { value: BigInt(value) }, { value: BIGINT });
  }
  for (const [name, value] of Object.entries(lists())) await connection.run(`SET VARIABLE ${name} = $value`, { value });
  for (const macro of MACROS) await connection.run(`CREATE TEMP MACRO ${macro}`);
  await connection.run(PHRASES);
}

function lists(): Record<string, DuckDBValue> {
  const { spread } = vocabulary;
  return {
    suffixes: listValue(spread({ ...vocabulary.SUFFIXES, ...vocabulary.SHARED_SUFFIXES })),
    shared_suffixes: listValue(Object.keys(vocabulary.SHARED_SUFFIXES)),
    countries: listValue(spread(vocabulary.COUNTRIES)),
    servers: listValue(spread(vocabulary.SERVERS)),
    platform_draw: listValue(vocabulary.PLATFORM_SETS.flatMap(({ weight }, id) => Array<number>(weight).fill(id))),
    link_types: listValue(spread(vocabulary.LINK_TYPES)),
    semantic_locations: listValue(spread(vocabulary.SEMANTIC_LOCATIONS)),
    template_locations: listValue(spread(vocabulary.TEMPLATE_LOCATIONS)),
    fates: listValue(spread(vocabulary.FATES)),
    subdomains: listValue(vocabulary.SUBDOMAINS),
    endings: listValue(vocabulary.NAME_ENDINGS),
    sections: listValue(vocabulary.SECTIONS),
    calls: listValue(vocabulary.ANCHOR_CALLS),
    adjectives: listValue(vocabulary.ADJECTIVES),
    nouns: listValue(vocabulary.NOUNS),
  };
}
