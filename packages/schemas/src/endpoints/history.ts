import { z } from 'zod';
import type { SingleEndpoint } from './endpoint.js';
import { keyOf } from './item-key.js';
import { metrics, upstreamTime } from './metrics.js';
import { rankScale } from './params.js';
import { daySince, HISTORY_SINCE, inOrder, monthsWithin, today } from './periods.js';
import { siteInfo } from './site-info.js';

const count = z.int().nullable().optional();
const { first_seen, lost_date, backlinks_spam_score, ...figures } = metrics;
const dated = z.object({ date_from: z.string().default(HISTORY_SINCE), date_to: z.string().optional() });

/** The backlink metrics of a domain at the end of each month. */
export const history = {
  name: 'history',
  title: 'History',
  gives: 'The backlink metrics of a domain at the end of each month.',
  firstShown: ['date', 'backlinks', 'new_backlinks', 'lost_backlinks', 'referring_domains'],
  kind: 'single',
  acceptsPages: false,
  key: keyOf('date'),
  items: (params) => {
    const { date_from, date_to = today() } = dated.parse(params);
    return { least: 1, most: Math.max(1, monthsWithin(date_from, date_to).length) };
  },
  params: inOrder(
    z.strictObject({
      date_from: daySince(HISTORY_SINCE)
        .optional()
        .meta({
          description: `The first day, \`yyyy-mm-dd\`, from ${HISTORY_SINCE} on: there is an item for each month that ends within.`,
          'x-default': HISTORY_SINCE,
        }),
      date_to: daySince(HISTORY_SINCE).optional().describe('The last day, `yyyy-mm-dd`. Default: today.'),
      rank_scale: rankScale,
    }),
  ),
  item: z.looseObject({
    type: z.string().nullable().optional(),
    date: upstreamTime,
    ...figures,
    new_backlinks: count,
    lost_backlinks: count,
    new_referring_domains: count,
    lost_referring_domains: count,
    ...siteInfo,
  }),
} as const satisfies SingleEndpoint;
