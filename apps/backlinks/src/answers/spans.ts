import type { Period } from '@linkhaul/schemas';
import type { Params } from '../graph/statements.js';

/** A count of the distinct values of a column, among the links that meet a condition. */
export interface Measure {
  readonly name: string;
  readonly column: string;
  readonly among?: string;
  /** The column that is null if a link's source does not know the value. If it is null for all links, so is the measure. */
  readonly knownBy?: string;
}

const COUNTED: Measure[] = [
  { name: 'referring_domains', column: 'source_host' },
  { name: 'referring_main_domains', column: 'source_domain' },
  { name: 'referring_pages', column: 'source_page' },
];

/** The measures that every series has at the end of each period. */
export const SERIES_MEASURES: readonly Measure[] = [
  { name: 'backlinks', column: 'link_id' },
  ...COUNTED,
  ...COUNTED.map(({ name, column }) => ({ name: `${name}_nofollow`, column, among: 'nofollow' })),
  { name: 'referring_ips', column: 'source_ip', knownBy: 'source_ip' },
  { name: 'referring_subnets', column: 'source_subnet', knownBy: 'source_subnet' },
];

/** The parameters of `spansOf` for consecutive periods. */
export function spanParams(periods: readonly Period[]): Params {
  return { firsts: periods.map(({ first }) => first), lasts: periods.map(({ last }) => last) };
}

/**
 * SQL of `periods`, each with its number, and of `spans`: links with the numbers of the periods in which they were first seen
 * (`since`) and lost (`until`). A link is live at the ends of the periods from `since` to before `until`. A link that was found or
 * lost before the first period counts from the first period, but is not new or lost in it.
 */
export function spansOf(links: string): string {
  return `periods AS MATERIALIZED (
      SELECT n, first::TIMESTAMP AS begins, last::TIMESTAMP + INTERVAL 1 DAY AS ends, last
      FROM (SELECT unnest(range(len($firsts))) AS n, unnest($firsts) AS first, unnest($lasts) AS last)
    ), spans AS MATERIALIZED (
      SELECT links.*, since.n AS since, coalesce(until.n, (SELECT count(*) FROM periods)) AS until,
        since.n IS NOT NULL AND links.first_seen >= (SELECT min(begins) FROM periods) AS is_new,
        until.n IS NOT NULL AND links.lost_date >= (SELECT min(begins) FROM periods) AS is_lost
      FROM (${links}) links
        ASOF LEFT JOIN periods since ON links.first_seen < since.ends
        ASOF LEFT JOIN periods until ON links.lost_date < until.ends
      WHERE since.n IS NOT NULL
    )`;
}

/**
 * SQL for the number of distinct values at the end of each period, with a column for each measure. A value counts as long as one of
 * its links is live. So the spans of its links are merged, and the number changes only where a merged span begins or ends.
 */
export function countsOf(measures: readonly Measure[]): string {
  const knownBy = new Set(measures.flatMap((measure) => measure.knownBy ?? []));
  const known = [...knownBy].map((column) => ({
    name: `known_${column}`,
    column: 'link_id',
    among: `${column} IS NOT NULL`,
  }));
  const all: readonly Measure[] = [...measures, ...known];
  const values = all.map(
    ({ name, column, among = 'true' }) =>
      `SELECT DISTINCT '${name}' AS measure, ${column} AS value, since, until FROM spans WHERE since < until AND ${among} AND ${column} IS NOT NULL`,
  );
  const changes = all.map(({ name }) => `sum(change) FILTER (measure = '${name}') AS ${name}`);
  const sumOf = (name: string) => `coalesce(sum(${name}) OVER (ORDER BY n), 0)::BIGINT`;
  const sums = measures.map(({ name, knownBy }) => {
    if (knownBy === undefined) return `${sumOf(name)} AS ${name}`;
    return `CASE WHEN ${sumOf(`known_${knownBy}`)} > 0 OR ${sumOf('backlinks')} = 0 THEN ${sumOf(name)} END AS ${name}`;
  });
  return `WITH of_links AS (${values.join(' UNION ALL ')}), marked AS (
      SELECT *, since > max(until) OVER (PARTITION BY measure, value ORDER BY since, until
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS is_apart FROM of_links
    ), numbered AS (
      SELECT *, count(*) FILTER (is_apart) OVER (PARTITION BY measure, value ORDER BY since, until) AS part FROM marked
    ), merged AS (
      SELECT measure, min(since) AS since, max(until) AS until FROM numbered GROUP BY measure, value, part
    ), changes AS (
      SELECT measure, since AS n, count(*) AS change FROM merged GROUP BY ALL
      UNION ALL SELECT measure, until, -count(*) FROM merged GROUP BY ALL
    )
    SELECT n, last, ${sums.join(', ')} FROM periods LEFT JOIN (
      SELECT n, ${changes.join(', ')} FROM changes GROUP BY n
    ) USING (n)`;
}

/** The date of a period, in terms of the columns of `page`. */
export const DATE = `page.last || ' 00:00:00 +00:00'`;

/** SQL for how many links, hosts and registrable domains are new or lost in each period. */
export function newLostOf(): string {
  return `SELECT n, last, ${NEW_LOST.map((name) => `coalesce(${name}, 0)::BIGINT AS ${name}`).join(', ')} FROM periods
    LEFT JOIN (SELECT since AS n, count(*) AS new_backlinks FROM spans WHERE is_new GROUP BY n) USING (n)
    LEFT JOIN (SELECT until AS n, count(*) AS lost_backlinks FROM spans WHERE is_lost GROUP BY n) USING (n)
    ${[newValues('domains', 'source_host'), lostValues('domains', 'source_host')].join(' ')}
    ${[newValues('main_domains', 'source_domain'), lostValues('main_domains', 'source_domain')].join(' ')}`;
}

export const NEW_LOST = ['backlinks', 'referring_domains', 'referring_main_domains'].flatMap((name) => [
  `new_${name}`,
  `lost_${name}`,
]);

/** SQL for the values whose first link is new. */
function newValues(name: string, column: string): string {
  return `LEFT JOIN (
      SELECT n, count(*) AS new_referring_${name}
      FROM (SELECT min(since) AS n, bool_and(is_new) AS is_new FROM spans GROUP BY ${column}) WHERE is_new GROUP BY n
    ) USING (n)`;
}

/** SQL for the values that lost a link in the period and have none at its end. */
function lostValues(name: string, column: string): string {
  return `LEFT JOIN (
      SELECT n, count(*) AS lost_referring_${name}
      FROM (SELECT DISTINCT ${column} AS value, until AS n FROM spans WHERE is_lost) lost
      WHERE NOT EXISTS (
        SELECT 1 FROM spans WHERE spans.${column} = lost.value AND spans.since <= lost.n AND spans.until > lost.n
      ) GROUP BY n
    ) USING (n)`;
}
