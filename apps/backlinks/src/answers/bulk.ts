import { z } from 'zod';
import type { Graph } from '../graph/open.js';
import type { Queries } from '../graph/queries.js';
import type { Params } from '../graph/statements.js';
import type { Answer } from './answer.js';
import { type BulkCall, keyHash, type Target } from './target.js';

/** How a bulk endpoint is answered. */
export interface BulkAnswer {
  /** The part of a task id that names the function: the upstream's, where it is known. */
  readonly functionId: string;
  readonly answer: (graph: Graph, call: BulkCall) => Promise<Answer>;
}

/** A query over many targets. `asked` has one row per target, `item` is the target's answer as JSON. */
export interface BulkQuery {
  /** Selects the precomputed aggregates of the targets. */
  readonly found: (keys: Keys) => string;
  readonly item: string;
  /** Further joins to `asked`. */
  readonly joins: string;
  /** Whether `found` also needs the aggregates of the targets' registrable domains. */
  readonly withDomains: boolean;
}

/** Lists of placeholders for `key_hash IN (…)`. DuckDB uses the index for such lists only. */
export interface Keys {
  readonly pages: string;
  readonly hosts: string;
}

const bulkRow = z.object({ count: z.number(), items: z.string().nullable() });

/**
 * The upstream does not keep the order of the targets. This order is shuffled too, and depends on the targets alone.
 */
const SHUFFLED = `hash(echo || '#'), echo`;

/** Answers with one item per target, also for targets that are not in the graph. */
export async function answerBulk(
  queries: Queries,
  query: BulkQuery,
  { targets, params }: { targets: readonly Target[]; params: Params },
): Promise<Answer> {
  const pages = bound(
    'page',
    targets.filter(({ isPage }) => isPage).map(({ key }) => key),
  );
  const domains = query.withDomains ? targets.map(({ domain }) => domain) : [];
  const hosts = bound('host', [...targets.filter(({ isPage }) => !isPage).map(({ key }) => key), ...domains]);
  const sql = `WITH asked AS (${ASKED}),
      found AS MATERIALIZED (${query.found({ pages: pages.list, hosts: hosts.list })})
    SELECT count(*)::INTEGER AS count, string_agg(${query.item}::VARCHAR, ',' ORDER BY ${SHUFFLED}) AS items
    FROM asked LEFT JOIN found ON found.key = asked.key ${query.joins}`;
  const row = await queries.row(
    sql,
    { ...params, ...pages.params, ...hosts.params, asked: JSON.stringify(targets.map(askedFields)) },
    bulkRow,
  );
  return { head: {}, items: row?.items ?? null, count: row?.count ?? 0 };
}

/** Binding one JSON text is several times faster than binding three lists. */
const ASKED = `SELECT fields[1] AS echo, fields[2] AS key, fields[3] AS domain
  FROM (SELECT unnest(from_json($asked, '[["VARCHAR"]]')) AS fields)`;

function askedFields({ given, key, domain }: Target): string[] {
  return [given, key, domain];
}

/** Lists are padded to one of these lengths, so that a few prepared statements serve all calls. */
const LENGTHS = [1, 16, 128, 1024, 2048];
const placeholders = new Map<string, { readonly names: readonly string[]; readonly list: string }>();

function bound(name: string, keys: readonly string[]): { list: string; params: Params } {
  const hashes = [...new Set(keys)].map(keyHash);
  const { names, list } = placeholdersOf(name, LENGTHS.find((one) => one >= hashes.length) ?? hashes.length);
  const params: Record<string, bigint> = {};
  for (const [index, one] of names.entries()) params[one] = hashes[index] ?? hashes[0] ?? 0n;
  return { list, params };
}

function placeholdersOf(name: string, length: number) {
  const known = placeholders.get(`${name}${length}`);
  if (known) return known;
  const names = Array.from({ length }, (_, index) => `${name}_${index}`);
  const made = { names, list: `(${names.map((one) => `$${one}`).join(', ')})` };
  placeholders.set(`${name}${length}`, made);
  return made;
}
