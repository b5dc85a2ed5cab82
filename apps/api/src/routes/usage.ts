import { type UsagePage, usdOf } from '@linkhaul/schemas';
import { Hono } from 'hono';
import { CSV_TYPE } from '../results/csv.js';
import type { AppEnv, Services } from '../services.js';
import { checkQuery, queryOf } from './query.js';
import { streamBytes } from './stream-bytes.js';
import { csvOf } from './usage-csv.js';
import { encodeUsageCursor, parseUsageQuery, USAGE_QUERY, type UsageQuery } from './usage-query.js';
import { addUp, compareGroups, type Group, type Sums, type UsageSums } from './usage-sums.js';

/** `GET /v1/usage`: what was bought, by groups of one's choice. A tenant's own; of all tenants for the admin. */
export function usage({ usage, calls, logger }: Services): Hono<AppEnv> {
  return new Hono<AppEnv>().get('/v1/usage', async (c) => {
    const query = checkQuery(queryOf(c), { known: USAGE_QUERY });
    const asked = parseUsageQuery(query, await calls.now());
    const tenants = c.get('isAdmin') ? await usage.tenants() : [c.get('tenant')];
    const sums = await addUp(tenants, asked, usage);
    if (asked.format === 'json') return c.json(pageOf(sums, asked));
    return streamBytes(c, csvOf(sums, asked), { headers: { 'content-type': CSV_TYPE }, logger });
  });
}

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
