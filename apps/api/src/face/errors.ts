import type { JobRecord } from '@linkhaul/jobs';
import { answeredAt } from '@linkhaul/results';
import { upstreamTimestamp } from '@linkhaul/schemas';
import { judgeErrors, type Task } from '@linkhaul/schemas/vendor';
import type { Context } from 'hono';
import type { AppEnv, Services } from '../services.js';
import type { Found } from './free.js';
import { type PastTask, pageOf, pastTasks, pathOf } from './past-tasks.js';

const LEAST_FAILURE = 40_000;

/** `POST /v3/backlinks/errors`: the tenant's own failed tasks, newest first. */
export async function errors(c: Context<AppEnv>, task: Task, services: Services): Promise<Found> {
  const judged = judgeErrors(task, await services.calls.now());
  if (!judged.ok) return judged.refusal;
  const { fromMs, toMs, function: named, ...page } = judged.page;
  const wants = ({ description, counts }: JobRecord) =>
    counts.failed + counts.skipped > 0 && (named === null || named === `backlinks/${description.endpoint}`);
  const range = { from: fromMs, to: toMs };
  const wanted = { tenant: c.get('tenant'), range, order: 'newest', wants } as const;
  const { origin } = new URL(c.req.url);
  return pageOf(failures(pastTasks(wanted, services), origin), page);
}

async function* failures(tasks: AsyncIterable<PastTask>, origin: string): AsyncGenerator<object> {
  for await (const { id, result, job } of tasks) {
    if (result === null || result.code < LEAST_FAILURE) continue;
    const { createdAt, endpoint } = job.description;
    const doneAt = answeredAt(job);
    yield {
      id,
      datetime: upstreamTimestamp(new Date(doneAt)),
      function: `backlinks/${endpoint}`,
      error_code: result.code,
      error_message: result.message,
      http_url: `${origin}${pathOf(job)}`,
      http_method: 'POST',
      http_code: 200,
      http_time: Math.round((doneAt - createdAt) / 1000),
      http_response: null,
    };
  }
}
