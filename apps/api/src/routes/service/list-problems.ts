import { HOUR_MS, hourOf, isoTime, type Problem } from '@linkhaul/jobs';
import { type ProblemMet, type ProblemsPage, problemMet, problemsPage } from '@linkhaul/schemas';
import { z } from 'zod';
import { invalidRequest } from '../../problem.js';
import { unknownCursor } from '../../results/cursor.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import type { Services } from '../../services.js';
import { paging } from '../parameters.js';

const DEFAULT_HOURS = 24;
const MOST_HOURS = 7 * 24;
/** Tenants that are read at once. Each takes one read per hour, and other requests need Redis too. */
const TENANTS_AT_ONCE = 10;

export const listProblems = defineRoute({
  method: 'get',
  path: '/v1/problems',
  id: 'listProblems',
  summary: 'See what went wrong of late',
  description:
    "Failed calls, pauses, deliveries that were given up and failed look-ups, by kind and code; the one that happened last comes first. With the admin's key, of all tenants. Counted by whole hours, for a week.",
  access: 'any',
  scope: 'read',
  request: NO_INPUT.extend({
    query: z.object({
      since: z.iso
        .datetime({ offset: true })
        .optional()
        .describe('From the beginning of this hour on; by default 24 hours ago, at most 7 days.'),
      ...paging,
    }),
  }),
  answers: { 200: { description: 'What went wrong.', contents: { 'application/json': problemsPage } } },
  examples: [
    { title: 'Of the last day', given: 'finished job', status: 200 },
    { title: 'Of all tenants', given: 'finished job', as: 'admin', status: 200 },
  ],
  serve:
    (services) =>
    async (c, { query: { since, limit, cursor } }) => {
      const now = await services.calls.now();
      const hours = hoursOf(since, now);
      const tenants = c.get('isAdmin') ? await services.usage.tenants() : [c.get('tenant')];
      const found = await ofAccount(hours, services);
      for (let at = 0; at < tenants.length; at += TENANTS_AT_ONCE) {
        const some = tenants.slice(at, at + TENANTS_AT_ONCE);
        found.push(...(await Promise.all(some.map((tenant) => ofTenant(tenant, hours, services)))).flat());
      }
      return c.json({ since: isoTime(hours.from * HOUR_MS), ...pageOf(found, { limit, cursor }) });
    },
});

interface Hours {
  readonly from: number;
  readonly to: number;
}

function hoursOf(since: string | undefined, now: number): Hours {
  const from = hourOf(since === undefined ? now - DEFAULT_HOURS * HOUR_MS : Date.parse(since));
  const to = hourOf(now);
  if (to - from > MOST_HOURS) throw invalidRequest('since', 'is at most 7 days ago');
  if (from > to) throw invalidRequest('since', 'lies in the future');
  return { from, to };
}

async function ofTenant(tenant: string, hours: Hours, { problems }: Pick<Services, 'problems'>): Promise<ProblemMet[]> {
  return (await problems.of(tenant, hours)).map((problem) => viewOf(problem, tenant));
}

async function ofAccount(hours: Hours, { problems, env }: Pick<Services, 'problems' | 'env'>): Promise<ProblemMet[]> {
  return (await problems.lookUps(env.upstreamHost, hours)).map((problem) => viewOf(problem, null));
}

function viewOf({ kind, code, count, lastAt, jobs, why }: Problem, tenant: string | null): ProblemMet {
  return problemMet.parse({ kind, code, tenant, count, last_at: isoTime(lastAt), jobs, detail: why });
}

/** A place is a time with a name, so problems that happen between two pages come before both. */
function pageOf(
  found: readonly ProblemMet[],
  { limit, cursor }: { limit: number; cursor: string | undefined },
): Pick<ProblemsPage, 'problems' | 'next_cursor'> {
  const sorted = found
    .map((problem) => ({ problem, place: placeOf(problem) }))
    .sort((a, b) => (a.place < b.place ? 1 : -1));
  const after = cursor === undefined ? null : Buffer.from(cursor, 'base64url').toString('utf8');
  if (after !== null && !after.includes(' ')) throw unknownCursor();
  const rest = after === null ? sorted : sorted.filter(({ place }) => place < after);
  const page = rest.slice(0, limit);
  const last = page.length < rest.length ? page.at(-1) : undefined;
  return {
    problems: page.map(({ problem }) => problem),
    next_cursor: last === undefined ? null : Buffer.from(last.place).toString('base64url'),
  };
}

function placeOf({ last_at, kind, code, tenant }: ProblemMet): string {
  return [last_at, kind, code, tenant ?? ''].join(' ');
}
