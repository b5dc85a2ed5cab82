import { HISTORY_SINCE, monthsWithin } from '@linkhaul/schemas';
import { MAP_METRICS, wordCounts } from '../graph/metrics.js';
import { seriesAnswer } from './series.js';
import { countsOf, DATE, NEW_LOST, newLostOf, SERIES_MEASURES } from './spans.js';

const MEASURES = [
  ...SERIES_MEASURES,
  { name: 'broken_backlinks', column: 'link_id', among: 'broken', knownBy: 'broken' },
  { name: 'broken_pages', column: 'target_page', among: 'broken', knownBy: 'broken' },
];

/** The new and lost figures that history has. */
const WON = NEW_LOST.filter((name) => !name.includes('_main_'));

/** How many entries of each map there are. */
const MOST = 10;

/** The map of each period: a word counts from the period of its link on, until the link is lost. */
const maps = MAP_METRICS.map((metric) => {
  const live = (number: string, sign: string) =>
    `SELECT word, subject AS n, ${sign}n AS change FROM (${wordCounts(metric, `(SELECT * REPLACE (${number} AS subject) FROM spans WHERE since < until)`)})`;
  const totals = `SELECT periods.n AS subject, word, sum(change) AS n
    FROM (${live('since', '')} UNION ALL ${live('until', '-')}) changes JOIN periods ON changes.n <= periods.n
    GROUP BY ALL HAVING sum(change) > 0`;
  return `LEFT JOIN (SELECT subject AS n, largest_entries(map_text(word, n), ${MOST}) AS ${metric} FROM (${totals}) GROUP BY subject) USING (n)`;
});

/** How a domain stood at the end of each month. What the graph knows of today only is null. */
export const history = seriesAnswer({
  functionId: '0266',
  since: HISTORY_SINCE,
  periods: monthsWithin,
  rows: ({ onPages }) => `SELECT * FROM (${countsOf(MEASURES)}) JOIN (${newLostOf()}) USING (n, last)
    JOIN (
      SELECT n, count(first_visited) AS crawled_pages FROM periods
        LEFT JOIN (SELECT first_visited FROM pages WHERE ${onPages}) ON first_visited < ends
      GROUP BY n
    ) USING (n) ${maps.join(' ')}`,
  item: `'type': 'backlinks_history', 'date': ${DATE}, 'rank': NULL,
    ${[...MEASURES.map(({ name }) => name), ...WON, 'crawled_pages'].map((name) => `'${name}': page.${name}`).join(', ')},
    'info': {'server': NULL, 'cms': NULL, 'platform_type': NULL, 'ip_address': NULL, 'country': NULL, 'is_ip': false,
      'target_spam_score': NULL}, 'internal_links_count': NULL, 'external_links_count': NULL,
    ${MAP_METRICS.map((name) => `'${name}': page.${name}::JSON`).join(', ')}`,
  unknown: 'nothing',
});
