import { type UsagePage, usagePage, usdOf } from '@linkhaul/schemas';
import { z } from 'zod';
import { CSV_TYPE } from '../../results/csv.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import { paging, spreadsheet } from '../parameters.js';
import { streamBytes } from '../stream-bytes.js';
import { csvOf } from './usage-csv.js';
import { encodeUsageCursor, parseUsageQuery, type UsageQuery, usageDay } from './usage-query.js';
import { addUp, compareGroups, type Group, type Sums, type UsageSums } from './usage-sums.js';

export const getUsage = defineRoute({
  method: 'get',
  path: '/v1/usage',
  id: 'getUsage',
  summary: 'Read what was bought',
  description: "By the day of each call, UTC; usage stays when jobs are deleted. With the admin's key, of all tenants.",
  access: 'any',
  scope: 'read',
  request: NO_INPUT.extend({
    query: z.object({
      from: usageDay.optional().describe('The first day. By default the last 30 days; at most 25 months back.'),
      to: usageDay.optional().describe('The day after the last one.'),
      group_by: z
        .array(z.string())
        .default(['day'])
        .describe('Some of `tenant`, `tag`, `endpoint`, `watch`, `day`, `month` and `metadata.<key>`.'),
      format: z.enum(['json', 'csv']).default('json'),
      spreadsheet,
      ...paging,
    }),
  }),
  answers: {
    200: {
      description: 'A page of groups, or all as CSV.',
      contents: { 'application/json': usagePage, 'text/csv': z.string().describe('RFC 4180, with a header.') },
    },
  },
  examples: [
    { title: 'By tag and endpoint', given: 'finished job', query: { group_by: 'tag,endpoint' }, status: 200 },
    {
      title: 'By client, as CSV',
      given: 'finished job',
      query: { group_by: 'metadata.client', format: 'csv' },
      status: 200,
    },
  ],
  serve:
    ({ usage, calls, logger }) =>
    async (c, { query }, given) => {
      const asked = parseUsageQuery(query, given, await calls.now());
      const tenants = c.get('isAdmin') ? await usage.tenants() : [c.get('tenant')];
      const sums = await addUp(tenants, asked, usage);
      if (asked.format === 'json') return c.json(pageOf(sums, asked));
      return streamBytes(c, csvOf(sums, asked), { headers: { 'content-type': CSV_TYPE }, logger });
    },
});

function pageOf({ groups, total }: UsageSums, asked: UsageQuery): UsagePage {
  const { after, limit, groupBy } = asked;
  const rest = after === null ? groups : groups.filter(({ values }) => compareGroups(values, after) > 0);
  const page = rest.slice(0, limit);
  const last = page.length < rest.length ? page.at(-1) : undefined;
  return {
    usage: page.map((group) => ({ ...fieldsOf(group, groupBy), ...viewOf(group.sums) })),
    total: viewOf(total),
    next_cursor: last === undefined ? null : encodeUsageCursor(asked, last.values),
  };
}

function fieldsOf({ values }: Group, groupBy: readonly string[]): Record<string, string | null> {
  return Object.fromEntries(groupBy.map((field, at) => [field, values[at] ?? null]));
}

function viewOf({ calls, items, spent, wasted, unconfirmed }: Sums): UsagePage['total'] {
  return {
    calls,
    items,
    spent_usd: usdOf(spent),
    wasted_usd: usdOf(wasted),
    unconfirmed_usd: usdOf(unconfirmed),
  };
}
