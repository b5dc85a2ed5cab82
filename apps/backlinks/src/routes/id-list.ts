import { idListRequest } from '@linkhaul/schemas';
import { CODES, messageOf } from '../codes.js';
import type { AppContext, Deps } from '../context.js';
import { envelopeOf, refusal } from '../envelope.js';
import { newTaskId } from '../functions.js';
import { readPosted, type Task } from '../posted.js';
import { failed, type Outcome, refusedFor } from '../run-task.js';
import { send } from '../send.js';

const DEFAULT_LIMIT = 1000;

/** `POST /v3/backlinks/id_list`: the live calls posted within a time. Free, with a rate limit of its own. */
export function idList(deps: Deps): (c: AppContext) => Promise<Response> {
  return async (c) => {
    const limited = deps.state.limits.enterIdList();
    if (limited !== null) return send(c, refusal(limited));
    const posted = await readPosted(c.req.raw);
    if (!posted.ok) return send(c, refusal(posted.code));
    const startedAt = performance.now();
    const answers = posted.tasks.map((task, index) => {
      const outcome = index === 0 ? search(deps, task) : failed(CODES.oneTask);
      return {
        ...outcome,
        id: newTaskId('id_list', new Date(deps.now())),
        tookMs: performance.now() - startedAt,
        path: ['v3', 'backlinks', 'id_list'],
        data: { api: 'backlinks', function: 'id_list', ...task },
      };
    });
    return send(c, envelopeOf(answers, performance.now() - startedAt));
  };
}

function search(deps: Deps, task: Task): Outcome {
  const parsed = idListRequest.safeParse(task);
  if (!parsed.success) return refusedFor(parsed.error.issues);
  const { datetime_from, datetime_to, limit, offset, sort, include_metadata } = parsed.data;
  const fromMs = timeOf(datetime_from);
  const toMs = timeOf(datetime_to);
  if (fromMs === null) return failed(CODES.invalidField, 'datetime_from');
  if (toMs === null) return failed(CODES.invalidField, 'datetime_to');
  const entries = deps.state.calls.find({
    fromMs,
    toMs,
    limit: limit ?? DEFAULT_LIMIT,
    offset: offset ?? 0,
    newestFirst: sort !== 'asc',
    withMetadata: include_metadata ?? false,
  });
  const result = entries.length === 0 ? null : JSON.stringify(entries);
  return { ...failed(CODES.ok), message: messageOf(CODES.ok), resultCount: entries.length, result };
}

/** Milliseconds since 1970 of a time in the upstream's form; null for any other text. */
function timeOf(text: string): number | null {
  const [, date, time] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) \+00:00$/.exec(text) ?? [];
  const ms = Date.parse(`${date}T${time}Z`);
  return Number.isNaN(ms) ? null : ms;
}
