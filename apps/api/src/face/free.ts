import { newJobId, taskId } from '@linkhaul/jobs';
import { CODES, type Refusal, refusal, type Task, type TaskAnswer } from '@linkhaul/schemas/vendor';
import type { Context } from 'hono';
import type { AppEnv, Services } from '../services.js';
import { readTasks } from './read-tasks.js';
import { answerTasks, resultless, saying, send } from './send.js';

/** The results of a function that costs nothing, or its refusal. */
export type Found = readonly unknown[] | Refusal;

/** The handler of a `GET` that costs nothing. `path` has the parts of its path after `/v3`. */
export function freeGet(
  path: readonly string[],
  services: Services,
  find: (c: Context<AppEnv>, services: Services) => Promise<Found>,
) {
  return async (c: Context<AppEnv>): Promise<Response> => {
    const startedAt = performance.now();
    const answer = answerOf(await newId(services), { path, found: await find(c, services) });
    return answerTasks(c, [answer], startedAt);
  };
}

/** The handler of a `POST` that costs nothing. It answers the first task and refuses the others. */
export function freePost(
  path: readonly string[],
  services: Services,
  find: (c: Context<AppEnv>, task: Task, services: Services) => Promise<Found>,
) {
  return async (c: Context<AppEnv>): Promise<Response> => {
    const startedAt = performance.now();
    const { posted } = await readTasks(c, services);
    if (!posted.ok) return send(c, refusal(posted.code));
    const [task, ...others] = posted.tasks;
    const first = answerOf(await newId(services), { path, found: await find(c, task, services), task });
    const refused = others.map(async (other) =>
      resultless({ id: await newId(services), path }, saying(CODES.oneTask), other),
    );
    return answerTasks(c, [first, ...(await Promise.all(refused))], startedAt);
  };
}

/** An id for an answer that is not kept. */
async function newId({ calls }: Services): Promise<string> {
  return taskId(newJobId(await calls.now()));
}

function answerOf(
  id: string,
  { path, found, task }: { path: readonly string[]; found: Found; task?: Task },
): TaskAnswer {
  if (!isFound(found)) return resultless({ id, path }, found, task);
  const result = found.length === 0 ? null : JSON.stringify(found);
  return { ...resultless({ id, path }, saying(CODES.ok), task), resultCount: found.length, result };
}

function isFound(found: Found): found is readonly unknown[] {
  return Array.isArray(found);
}
