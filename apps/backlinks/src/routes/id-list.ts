import { upstreamTimestamp, usdOf } from '@linkhaul/schemas';
import { judgeIdList, refusal, type Task, withLast } from '@linkhaul/schemas/vendor';
import type { AppContext, Deps } from '../context.js';
import { befall } from '../faults/befall.js';
import { type FreeFunction, foundFree, freeAnswer, freeTasks } from '../free-task.js';
import type { PastCall } from '../past-calls.js';
import { type Outcome, refused } from '../run-task.js';
import { send } from '../send.js';
import { wait } from '../wait.js';

const FUNCTION: FreeFunction = { id: 'id_list', api: 'backlinks', name: 'id_list' };
/** `POST /v3/backlinks/id_list`: the live calls that were posted within a time. Free, with its own rate limit. */
export function idList(deps: Deps): (c: AppContext) => Promise<Response> {
  return async (c) => {
    c.get('request').endpoint = FUNCTION.name;
    const limited = deps.state.limits.enterIdList();
    if (limited !== null) return send(c, refusal(limited));
    const tasks = await freeTasks(c);
    if (tasks instanceof Response) return tasks;
    const answer = (endAs: (task: Task) => Outcome) => freeAnswer(deps, FUNCTION, { tasks, answer: endAs });
    const [first] = tasks;
    const run = async (delayMs = 0) => {
      await wait(delayMs, deps.stopping);
      return answer((task) => search(deps, task));
    };
    const fault = deps.state.faults.take({ endpoint: FUNCTION.name, tag: null, targets: [] });
    if (fault === null) return send(c, await run());
    return befall(c, deps, {
      fault,
      run,
      endAs: async (end) => {
        const outcome = await end(async () => search(deps, first));
        return answer(() => ({ ...outcome, nanos: 0 }));
      },
      another: async () => answer(() => foundFree([])),
      reply: (envelope) => send(c, envelope),
    });
  };
}

function search(deps: Deps, task: Task): Outcome {
  const judged = judgeIdList(task, deps.now());
  if (!judged.ok) return refused(judged.refusal);
  const { fromMs, toMs, limit, offset, oldestFirst, withMetadata } = judged.page;
  const calls = deps.state.calls.within(fromMs, toMs);
  if (!oldestFirst) calls.reverse();
  return foundFree(calls.slice(offset, offset + limit).map((call) => entryOf(call, withMetadata)));
}

/** A running call has neither an end time nor a status. */
function entryOf({ id, url, postedMs, done, metadata }: PastCall, withMetadata: boolean): string {
  const entry = {
    id,
    url,
    datetime_posted: upstreamTimestamp(new Date(postedMs)),
    ...(done && { datetime_done: upstreamTimestamp(new Date(done.atMs)) }),
    status: done ? String(done.code) : null,
    cost: usdOf(done?.nanos ?? 0),
  };
  return withMetadata ? withLast(entry, 'metadata', metadata) : JSON.stringify(entry);
}
