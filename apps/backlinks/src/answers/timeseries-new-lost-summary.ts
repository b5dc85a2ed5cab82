import { periodsOf, SERIES_SINCE } from '@linkhaul/schemas';
import { seriesAnswer } from './series.js';
import { DATE, NEW_LOST, newLostOf } from './spans.js';

/** How many links and domains a host has won and lost in each period. */
export const timeseriesNewLostSummary = seriesAnswer({
  functionId: '0460',
  since: SERIES_SINCE,
  periods: (from, to, { groupRange }) => periodsOf(groupRange, from, to),
  rows: () => newLostOf(),
  item: `'type': 'backlinks_timeseries_new_lost_summary', 'date': ${DATE},
    ${NEW_LOST.map((name) => `'${name}': page.${name}`).join(', ')}`,
  head: ({ groupRange }) => ({ group_range: groupRange }),
  unknown: 'zeros',
});
