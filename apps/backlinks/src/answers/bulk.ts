import { z } from 'zod';
import type { Graph } from '../graph/open.js';
import type { Params } from '../graph/statements.js';
import type { Answer } from './answer.js';
import { TIER_ITEMS } from './domain-tier.js';
import { type BulkCall, keyHash, type Target } from './target.js';

/** How a bulk endpoint is answered. */
export interface BulkAnswer {
  /** The part of a task id that names the function: the upstream's, where it is known. */
  readonly functionId: string;
  readonly answer: (graph: Graph, call: BulkCall) => Promise<Answer>;
}

/** A query over many targets. `asked` has one row per target, `item` is the JSON text of the target's answer. */
export interface BulkQuery {
  /** Selects the precomputed aggregates of the targets. */
  readonly found: (keys: Keys) => string;
  readonly item: string;
  /**
   * The item of a target of whose domain only the domain tier knows, by the columns `main_rank` and `main_referring`, the number of domains
   * that link to the domain. `ownOf` is what they say of the target.
   */
  readonly tierItem: string;
  /** Further joins to `asked`. */
  readonly joins: string;
  /** Whether `found` also needs the aggregates of the targets' registrable domains. */
  readonly withDomains: boolean;
  /** True where the query reads links. */
  readonly isSlow?: true;
}

/** Lists of placeholders for `key_hash IN (…)`. DuckDB uses the index for such lists only. */
export interface Keys {
  readonly pages: string;
  readonly hosts: string;
}

const bulkRow = z.object({ count: z.number(), items: z.string().nullable(), of_tier: z.number() });

/**
 * Answers with one item per target, also for targets that are not in the graph. The upstream does not keep the order of the targets. This
 * order is shuffled too, and depends on the targets alone.
 */
export async function answerBulk(
  graph: Graph,
  query: BulkQuery,
  { targets, params }: { targets: readonly Target[]; params: Params },
): Promise<Answer> {
  const pages = bound(
    'page',
    targets.filter(({ isPage }) => isPage).map(({ key }) => key),
  );
  const ofTargets = targets.map(({ domain }) => domain);
  const domains = query.withDomains ? ofTargets : [];
  const hosts = bound('host', [...targets.filter(({ isPage }) => !isPage).map(({ key }) => key), ...domains]);
  const inTier = graph.origin.domain_tier === null ? null : bound('main', ofTargets);
  const sql = sqlOf(query, { pages: pages.list, hosts: hosts.list }, inTier?.list ?? null);
  const row = await (query.isSlow ? graph.slow : graph).row(
    sql,
    {
      ...params,
      ...pages.params,
      ...hosts.params,
      ...inTier?.params,
      asked: JSON.stringify(targets.map(askedFields)),
    },
    bulkRow,
  );
  const head = row !== null && row.of_tier > 0 ? { [TIER_ITEMS]: row.of_tier } : {};
  return { head, items: row?.items ?? null, count: row?.count ?? 0 };
}

/** `domains`: placeholders for the targets' registrable domains; null where the graph has no domain tier. */
function sqlOf(query: BulkQuery, keys: Keys, domains: string | null): string {
  const [item, ofTier, join] =
    domains === null
      ? [query.item, '0', '']
      : [
          `CASE WHEN main_domain IS NULL THEN ${query.item} ELSE ${query.tierItem} END`,
          'count(main_domain)',
          `LEFT JOIN tier ON tier.main_domain = asked.domain`,
        ];
  const tier = domains === null ? '' : `, tier AS MATERIALIZED (${TIER} AND key_hash IN ${domains})`;
  return `WITH asked AS (${ASKED}),
      found AS MATERIALIZED (${query.found(keys)}) ${tier}
    SELECT count(*)::INTEGER AS count, ${ofTier}::INTEGER AS of_tier,
      joined_by(${item}, shuffled(echo)) AS items
    FROM asked LEFT JOIN found ON found.key = asked.key ${query.joins} ${join}`;
}

const TIER = `SELECT domain AS main_domain, rank AS main_rank, referring_main_domains AS main_referring
  FROM tier_domains WHERE is_alone`;

/** SQL for what the domain tier says of a target itself: only of a registrable domain it says anything. */
export function ownOf(column: 'main_rank' | 'main_referring'): string {
  return `CASE WHEN asked.key = asked.domain THEN ${column} END`;
}

/** Binding one JSON text is several times faster than binding three lists. */
const ASKED = `SELECT fields[1] AS echo, fields[2] AS key, fields[3] AS domain
  FROM (SELECT entries_of(lists_of($asked)) AS fields)`;

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
