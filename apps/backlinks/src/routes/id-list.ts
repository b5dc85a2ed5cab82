import { idListRequest, upstreamTimestamp, usdOf } from '@linkhaul/schemas';
import { CODES } from '../codes.js';
import type { AppContext, Deps } from '../context.js';
import { refusal, withLast } from '../envelope.js';
import { befall } from '../faults/befall.js';
import { type FreeFunction, foundFree, freeAnswer, freeTasks } from '../free-task.js';
import type { PastCall } from '../past-calls.js';
import { type Task, withoutNulls } from '../posted.js';
import { failed, type Outcome, refusedFor } from '../run-task.js';
import { send } from '../send.js';
import { timeOf } from '../times.js';
import { wait } from '../wait.js';

const FUNCTION: FreeFunction = { id: 'id_list', api: 'backlinks', name: 'id_list' };
const DEFAULT_LIMIT = 1000;
const DAY_MS = 86_400_000;
/**
 * How old a call may be: six months, or one with metadata, at their longest, so that what the upstream would answer is.
 */
const WINDOW_MS = 184 * DAY_MS;
const METADATA_WINDOW_MS = 31 * DAY_MS;

/** `POST /v3/backlinks/id_list`: the live calls posted within a time. Free, with a rate limit of its own. */
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
  const parsed = idListRequest.safeParse(withoutNulls(task));
  if (!parsed.success) return refusedFor(parsed.error.issues);
  const { datetime_from, datetime_to, limit = DEFAULT_LIMIT, offset = 0, sort, include_metadata } = parsed.data;
  const fromMs = timeOf(datetime_from);
  const toMs = timeOf(datetime_to);
  if (fromMs === null) return failed(CODES.invalidField, 'datetime_from');
  if (toMs === null) return failed(CODES.invalidField, 'datetime_to');
  const oldestMs = Math.floor(deps.now() / 1000) * 1000 - (include_metadata ? METADATA_WINDOW_MS : WINDOW_MS);
  if (toMs < fromMs || fromMs < oldestMs) return failed(CODES.invalidField, 'datetime_from');
  const calls = deps.state.calls.within(fromMs, toMs);
  if (sort !== 'asc') calls.reverse();
  return foundFree(calls.slice(offset, offset + limit).map((call) => entryOf(call, include_metadata ?? false)));
}

/** A call that still runs has neither a time of its end nor a status. */
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
