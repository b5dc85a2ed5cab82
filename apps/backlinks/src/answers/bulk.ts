import { z } from 'zod';
import type { Graph } from '../graph/open.js';
import type { Params } from '../graph/statements.js';
import type { Answer } from './answer.js';
import { keyHash, type Target } from './target.js';

/** A query about many targets at once; it names the row of each `asked`, and gives its JSON `item`. */
export interface BulkQuery {
  /** Kept aggregates that the targets are looked up in, by `page_keys` and `host_keys`. */
  readonly found: (keys: Keys) => string;
  readonly item: string;
  /** Joins to `asked` beside `found`. */
  readonly joins: string;
  /** Whether `found` must hold the targets' registrable domains as well. */
  readonly withDomains: boolean;
}

/** Lists of placeholders in brackets, to stand after `key_hash IN`: only from such a list DuckDB uses the index. */
interface Keys {
  readonly pages: string;
  readonly hosts: string;
}

const bulkRow = z.object({ count: z.number(), items: z.string().nullable() });

/** Answers come shuffled, as the upstream's do, by an order that depends on nothing but the target. */
const SHUFFLED = `hash(echo || '#'), echo`;

/** One item a target, whether or not the graph knows it. */
export async function answerBulk(
  graph: Graph,
  query: BulkQuery,
  { targets, params }: { targets: readonly Target[]; params: Params },
): Promise<Answer> {
  const pages = bound(
    'page',
    targets.filter(({ isPage }) => isPage).map(({ key }) => key),
  );
  const domains = query.withDomains ? targets.map(({ domain }) => domain) : [];
  const hosts = bound('host', [...targets.filter(({ isPage }) => !isPage).map(({ key }) => key), ...domains]);
  const sql = `WITH asked AS (SELECT unnest($echoes) AS echo, unnest($keys) AS key, unnest($domains) AS domain),
      found AS MATERIALIZED (${query.found({ pages: pages.list, hosts: hosts.list })})
    SELECT count(*)::INTEGER AS count, string_agg(${query.item}::VARCHAR, ',' ORDER BY ${SHUFFLED}) AS items
    FROM asked LEFT JOIN found ON found.key = asked.key ${query.joins}`;
  const row = await graph.row(
    sql,
    {
      ...params,
      ...pages.params,
      ...hosts.params,
      echoes: targets.map(({ given }) => given),
      keys: targets.map(({ key }) => key),
      domains: targets.map(({ domain }) => domain),
    },
    bulkRow,
  );
  return { head: {}, items: row?.items ?? null, count: row?.count ?? 0 };
}

/** Lists have a few lengths only, so that a statement is prepared once for many calls; the rest is filled up. */
const LENGTHS = [1, 16, 128, 1024, 2048];

function bound(name: string, keys: readonly string[]): { list: string; params: Params } {
  const hashes = [...new Set(keys)].map(keyHash);
  const length = LENGTHS.find((one) => one >= hashes.length) ?? hashes.length;
  const names = Array.from({ length }, (_, index) => `${name}_${index}`);
  const filler = hashes[0] ?? 0n;
  return {
    list: `(${names.map((one) => `$${one}`).join(', ')})`,
    params: Object.fromEntries(names.map((one, index) => [one, hashes[index] ?? filler])),
  };
}
