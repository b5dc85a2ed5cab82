import { upstreamTimestamp } from '@linkhaul/schemas';
import { z } from 'zod';
import { CODES } from '../codes.js';
import type { AppContext, Deps } from '../context.js';
import { type FreeFunction, foundFree, freeAnswer, freeTasks } from '../free-task.js';
import type { PastCall } from '../past-calls.js';
import { type Task, withoutNulls } from '../posted.js';
import { failed, type Outcome, refusedFor } from '../run-task.js';
import { send } from '../send.js';
import { timeOf } from '../times.js';

const FUNCTION: FreeFunction = { id: 'errors', api: 'backlinks', name: 'errors' };
const DEFAULT_LIMIT = 1000;
const KEPT_MS = 7 * 86_400_000;

const errorsRequest = z.strictObject({
  limit: z.int().min(1).max(1000).optional(),
  offset: z.int().min(0).optional(),
  /** Such as `backlinks/bulk_backlinks`. */
  filtered_function: z.string().optional(),
  datetime_from: z.string().optional(),
  datetime_to: z.string().optional(),
});

/** `POST /v3/backlinks/errors`: the tasks of the last seven days that ended with an error, the latest first. Free. */
export function errors(deps: Deps): (c: AppContext) => Promise<Response> {
  return async (c) => {
    const tasks = await freeTasks(c);
    if (tasks instanceof Response) return tasks;
    return send(c, freeAnswer(deps, FUNCTION, { tasks, answer: (task) => search(deps, task) }));
  };
}

function search(deps: Deps, task: Task): Outcome {
  const parsed = errorsRequest.safeParse(withoutNulls(task));
  if (!parsed.success) return refusedFor(parsed.error.issues);
  const { limit = DEFAULT_LIMIT, offset = 0, filtered_function, datetime_from, datetime_to } = parsed.data;
  const now = deps.now();
  const fromMs = datetime_from === undefined ? now - KEPT_MS : timeOf(datetime_from);
  const toMs = datetime_to === undefined ? now : timeOf(datetime_to);
  if (fromMs === null) return failed(CODES.invalidField, 'datetime_from');
  if (toMs === null) return failed(CODES.invalidField, 'datetime_to');
  const items = deps.state.calls
    .within(Math.max(fromMs, now - KEPT_MS), toMs)
    .filter((call) => filtered_function === undefined || `backlinks/${call.name}` === filtered_function)
    .flatMap((call) => itemOf(call))
    .reverse();
  return foundFree(items.slice(offset, offset + limit));
}

/** Nothing for a task that did not fail. */
function itemOf({ id, url, name, postedMs, done }: PastCall): object[] {
  if (done === null || done.code < 40_000) return [];
  return [
    {
      id,
      datetime: upstreamTimestamp(new Date(done.atMs)),
      function: `backlinks/${name}`,
      error_code: done.code,
      error_message: done.message,
      http_url: url,
      http_method: 'POST',
      http_code: done.httpCode,
      http_time: Math.round((done.atMs - postedMs) / 1000),
      http_response: null,
    },
  ];
}
