import { z } from 'zod';
import { includeSubdomains } from './params.js';
import { daySince, GROUP_RANGES, type GroupRange, periodsOf, SERIES_SINCE, today } from './periods.js';

/** The parameters of a time series. */
export const seriesParams = {
  date_from: daySince(SERIES_SINCE)
    .optional()
    .describe(
      `The first day, \`yyyy-mm-dd\`, from ${SERIES_SINCE} on: there is an item for each period that it touches.`,
    ),
  date_to: daySince(SERIES_SINCE).optional().describe('The last day, `yyyy-mm-dd`. Default: today.'),
  group_range: z.enum(GROUP_RANGES).optional().meta({
    description: 'The period of an item: a day, week, month or year. Its date is the last day of the period.',
    'x-default': 'month',
  }),
  include_subdomains: includeSubdomains,
};

const dated = z.object({
  date_from: z.string().optional(),
  date_to: z.string().optional(),
  group_range: z.enum(GROUP_RANGES).default('month'),
});

/** There is an item for each period, even an empty one. Without a first day it is not known where a series begins. */
export function seriesItems(params: unknown): { least: number; most: number } {
  const { date_from, date_to = today(), group_range } = dated.parse(params);
  const count = (range: GroupRange, from: string) => Math.max(1, periodsOf(range, from, date_to).length);
  const most = count(group_range, date_from ?? SERIES_SINCE);
  return { least: date_from === undefined ? 1 : most, most };
}
