import { z } from 'zod';
import type { SingleEndpoint } from './endpoint.js';
import { keyOf } from './item-key.js';
import { upstreamTime } from './metrics.js';
import { inOrder } from './periods.js';
import { seriesItems, seriesParams } from './series-params.js';

const count = z.int().nullable().optional();

/** How many links and domains a domain has won and lost in each day, week, month or year. */
export const timeseriesNewLostSummary = {
  name: 'timeseries_new_lost_summary',
  title: 'New and lost over time',
  gives: 'How many links and domains a domain has won and lost in each day, week, month or year.',
  firstShown: ['date', 'new_backlinks', 'lost_backlinks', 'new_referring_domains', 'lost_referring_domains'],
  kind: 'single',
  acceptsPages: false,
  key: keyOf('date'),
  items: seriesItems,
  params: inOrder(z.strictObject(seriesParams)),
  item: z.looseObject({
    type: z.string().nullable().optional(),
    date: upstreamTime,
    new_backlinks: count,
    lost_backlinks: count,
    new_referring_domains: count,
    lost_referring_domains: count,
    new_referring_main_domains: count,
    lost_referring_main_domains: count,
  }),
} as const satisfies SingleEndpoint;
