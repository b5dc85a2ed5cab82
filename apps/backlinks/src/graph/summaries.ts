import { metricTexts, objectText } from './metric-json.js';
import {
  COUNT_METRICS,
  COUNTED_COLUMNS,
  MAP_METRICS,
  metricOf,
  metricsOfOne,
  metricsQuery,
  TIME_METRICS,
} from './metrics.js';

/** Links that count by default: found at the last check, and from another domain. */
const USUAL =
  'target_domain BETWEEN $first_domain AND $last_domain AND lost_date IS NULL AND source_domain <> target_domain';

interface Summary {
  readonly table: string;
  /** The table of the subjects, and its columns for id and name. */
  readonly of: 'pages' | 'hosts';
  readonly id: string;
  readonly key: string;
  /** Selects links with their `subject`. */
  readonly links: string;
  /** Selects what is counted already, of other subjects. */
  readonly known?: string;
}

const METRICS = ['subject', ...COUNT_METRICS, ...TIME_METRICS, ...MAP_METRICS].join(', ');

/** Hosts with others below them. */
const BRANCHES = `SELECT ancestor_id FROM host_tree WHERE ancestor_id >= $first_host AND ancestor_id < $end_host
  GROUP BY ancestor_id HAVING count(*) > 1`;

/**
 * Link aggregates for the default parameters, precomputed because bulk calls need a thousand at once. `tree` counts a
 * host with its subdomains. An indirect link stays within its host, so only pages count it next to the direct link.
 */
const SUMMARIES: readonly Summary[] = [
  {
    table: 'page_summaries',
    of: 'pages',
    id: 'page_id',
    key: 'url',
    links: `SELECT ${COUNTED_COLUMNS}, target_page AS subject FROM links WHERE ${USUAL}`,
  },
  {
    table: 'host_summaries',
    of: 'hosts',
    id: 'host_id',
    key: 'host',
    links: `SELECT ${COUNTED_COLUMNS}, target_host AS subject FROM links WHERE ${USUAL} AND via_page IS NULL`,
  },
  {
    table: 'tree_summaries',
    of: 'hosts',
    id: 'host_id',
    key: 'host',
    links: `SELECT ${COUNTED_COLUMNS}, ancestor_id AS subject FROM links JOIN host_tree ON host_id = target_host
      WHERE ancestor_id IN (${BRANCHES}) AND ${USUAL} AND via_page IS NULL`,
    // Of most hosts nothing is below, and both figures are the same.
    known: `SELECT ${METRICS} FROM host_summaries
      WHERE backlinks > 0 AND subject >= $first_host AND subject < $end_host AND subject NOT IN (${BRANCHES})`,
  },
];

/** SQL for the `item` of a subject without links, which has none in the tables. */
export const NO_METRICS = `(SELECT ${objectText(metricTexts('none'))} FROM
  (SELECT ${[...COUNT_METRICS, ...TIME_METRICS, ...MAP_METRICS].map((name) => `NULL AS ${name}`).join(', ')}) none)`;

export const CREATE_SUMMARIES = SUMMARIES.map(
  ({ table }) => `CREATE TABLE ${table} (subject INTEGER, key VARCHAR, key_hash UBIGINT, rank SMALLINT,
    ${COUNT_METRICS.map((name) => `${name} INTEGER`).join(', ')},
    ${TIME_METRICS.map((name) => `${name} TIMESTAMP`).join(', ')},
    ${MAP_METRICS.map((name) => `${name} VARCHAR`).join(', ')}, item VARCHAR)`,
);

/** One statement per table, for a range of domains. Most subjects have one link, and need no counting. */
export const INSERT_SUMMARIES = SUMMARIES.map(
  ({ table, of, id, key, links, known }) => `INSERT INTO ${table}
    WITH usual AS MATERIALIZED (${links}), often AS MATERIALIZED (
      SELECT subject FROM usual GROUP BY subject HAVING count(*) > 1
    ), measured AS (
      SELECT ${METRICS} FROM (${metricsQuery('FROM usual SEMI JOIN often USING (subject)')})
      UNION ALL SELECT ${METRICS} FROM (${metricsOfOne('FROM usual ANTI JOIN often USING (subject)')})
      ${known === undefined ? '' : `UNION ALL ${known}`}
    )
    SELECT s.${id}, s.${key}, (md5_number(s.${key}) >> 64)::UBIGINT, s.rank,
      ${COUNT_METRICS.map((name) => metricOf('m', name)).join(', ')},
      ${[...TIME_METRICS, ...MAP_METRICS].map((name) => `m.${name}`).join(', ')}, CASE WHEN m.subject IS NOT NULL THEN ${objectText(metricTexts('m'))} END
    FROM ${of} s LEFT JOIN measured m ON m.subject = s.${id}
    WHERE s.domain_id BETWEEN $first_domain AND $last_domain ORDER BY s.${id}`,
);

export const INDEX_SUMMARIES = SUMMARIES.map(({ table }) => `CREATE INDEX ${table}_by_key ON ${table} (key_hash)`);
