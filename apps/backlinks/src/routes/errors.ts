import { upstreamTimestamp } from '@linkhaul/schemas';
import { judgeErrors, type Task } from '@linkhaul/schemas/vendor';
import type { AppContext, Deps } from '../context.js';
import { type FreeFunction, foundFree, freeAnswer, freeTasks } from '../free-task.js';
import type { PastCall } from '../past-calls.js';
import { type Outcome, refused } from '../run-task.js';
import { send } from '../send.js';

const FUNCTION: FreeFunction = { id: 'errors', api: 'backlinks', name: 'errors' };
/** `POST /v3/backlinks/errors`: the tasks of the last seven days that ended with an error, newest first. Free. */
export function errors(deps: Deps): (c: AppContext) => Promise<Response> {
  return async (c) => {
    const tasks = await freeTasks(c);
    if (tasks instanceof Response) return tasks;
    return send(c, freeAnswer(deps, FUNCTION, { tasks, answer: (task) => search(deps, task) }));
  };
}

function search(deps: Deps, task: Task): Outcome {
  const judged = judgeErrors(task, deps.now());
  if (!judged.ok) return refused(judged.refusal);
  const { fromMs, toMs, limit, offset, function: named } = judged.page;
  const items = deps.state.calls
    .within(fromMs, toMs)
    .filter((call) => named === null || `backlinks/${call.name}` === named)
    .flatMap((call) => itemOf(call))
    .reverse();
  return foundFree(items.slice(offset, offset + limit));
}

/** Empty for a task that did not fail. */
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
