import { answeredAt } from '@linkhaul/results';
import { upstreamTimestamp, usdOf } from '@linkhaul/schemas';
import { judgeIdList, type Task } from '@linkhaul/schemas/vendor';
import type { Context } from 'hono';
import type { AppEnv, Services } from '../services.js';
import type { Found } from './free.js';
import { type PastTask, pageOf, pastTasks, pathOf } from './past-tasks.js';

/** `POST /v3/backlinks/id_list`: the tenant's own tasks, live and Standard. */
export async function idList(c: Context<AppEnv>, task: Task, services: Services): Promise<Found> {
  const judged = judgeIdList(task, await services.calls.now());
  if (!judged.ok) return judged.refusal;
  const { fromMs, toMs, oldestFirst, withMetadata, ...page } = judged.page;
  // The vendor's times are in whole seconds.
  const range = { from: fromMs, to: toMs + 999 };
  const wanted = {
    tenant: c.get('tenant'),
    range,
    order: oldestFirst ? 'oldest' : 'newest',
    wants: () => true,
  } as const;
  const { origin } = new URL(c.req.url);
  return (await pageOf(pastTasks(wanted, services), page)).map((past) => ({
    ...entryOf(past, origin),
    ...(withMetadata && { metadata: past.posted.data }),
  }));
}

/** A task that is still open has neither a time of its end nor a status. */
function entryOf({ id, result, job }: PastTask, origin: string): object {
  const { createdAt } = job.description;
  return {
    id,
    url: `${origin}${pathOf(job)}`,
    datetime_posted: upstreamTimestamp(new Date(createdAt)),
    ...(result !== null && { datetime_done: upstreamTimestamp(new Date(answeredAt(job))) }),
    status: result === null ? null : String(result.code),
    cost: usdOf(result?.nanos ?? 0),
  };
}
