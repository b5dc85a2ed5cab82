import { z } from 'zod';
import type { SingleEndpoint } from './endpoint.js';
import { keyOf } from './item-key.js';
import { metrics, upstreamTime } from './metrics.js';
import { rankScale } from './params.js';
import { inOrder } from './periods.js';
import { seriesItems, seriesParams } from './series-params.js';

const count = z.int().nullable().optional();

/** The link counts of a domain at the end of each day, week, month or year. */
export const timeseriesSummary = {
  name: 'timeseries_summary',
  title: 'Time series',
  gives: 'The link counts of a domain at the end of each day, week, month or year.',
  firstShown: ['date', 'rank', 'backlinks', 'referring_domains', 'referring_main_domains'],
  kind: 'single',
  acceptsPages: false,
  key: keyOf('date'),
  items: seriesItems,
  params: inOrder(z.strictObject({ ...seriesParams, rank_scale: rankScale })),
  item: z.looseObject({
    type: z.string().nullable().optional(),
    date: upstreamTime,
    rank: metrics.rank,
    backlinks: metrics.backlinks,
    backlinks_nofollow: count,
    referring_pages: metrics.referring_pages,
    referring_pages_nofollow: metrics.referring_pages_nofollow,
    referring_domains: metrics.referring_domains,
    referring_domains_nofollow: metrics.referring_domains_nofollow,
    referring_main_domains: metrics.referring_main_domains,
    referring_main_domains_nofollow: metrics.referring_main_domains_nofollow,
    referring_ips: metrics.referring_ips,
    referring_subnets: metrics.referring_subnets,
  }),
} as const satisfies SingleEndpoint;
