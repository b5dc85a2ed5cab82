import { periodsOf, SERIES_SINCE } from '@linkhaul/schemas';
import { seriesAnswer } from './series.js';
import { countsOf, DATE, SERIES_MEASURES } from './spans.js';

const MEASURES = [...SERIES_MEASURES, { name: 'backlinks_nofollow', column: 'link_id', among: 'nofollow' }];

/** The link counts of a host at the end of each period. The ranks of the past are not kept. */
export const timeseriesSummary = seriesAnswer({
  functionId: '0459',
  since: SERIES_SINCE,
  periods: (from, to, { groupRange }) => periodsOf(groupRange, from, to),
  rows: () => countsOf(MEASURES),
  item: `'type': 'backlinks_timeseries_summary', 'date': ${DATE}, 'rank': NULL,
    ${MEASURES.map(({ name }) => `'${name}': page.${name}`).join(', ')}`,
  head: ({ groupRange }) => ({ group_range: groupRange }),
  unknown: 'zeros',
});
