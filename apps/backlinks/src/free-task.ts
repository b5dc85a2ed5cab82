import {
  CODES,
  type Envelope,
  envelopeOf,
  messageOf,
  refusal,
  type Task,
  type TaskAnswer,
} from '@linkhaul/schemas/vendor';
import type { AppContext, Deps } from './context.js';
import { type FunctionName, newTaskId } from './functions.js';
import { readPosted } from './posted.js';
import { failed, type Outcome } from './run-task.js';
import { send } from './send.js';
import { dropConnection } from './wire.js';

/** A function that costs nothing. Its path has the parts `api` and `name`. */
export interface FreeFunction {
  readonly id: FunctionName;
  readonly api: 'backlinks' | 'appendix';
  readonly name: string;
}

/** The outcome of a free task. A result that is a string is already JSON. */
export function foundFree(results: readonly unknown[]): Outcome {
  const texts = results.map((result) => (typeof result === 'string' ? result : JSON.stringify(result)));
  return {
    ...failed(CODES.ok),
    message: messageOf(CODES.ok),
    resultCount: texts.length,
    result: texts.length === 0 ? null : `[${texts.join(',')}]`,
  };
}

/** The handler of a `GET` that costs nothing. */
export function freeGet(deps: Deps, fn: FreeFunction, result: () => readonly unknown[]) {
  return async (c: AppContext): Promise<Response> => {
    const startedAt = performance.now();
    const answer = freeTask(deps, fn, { task: {}, outcome: foundFree(result()) });
    return send(c, envelopeOf([answer], performance.now() - startedAt));
  };
}

/** The tasks of a `POST` that costs nothing, or a response if there are none to run. */
export async function freeTasks(c: AppContext): Promise<readonly [Task, ...Task[]] | Response> {
  const posted = await readPosted(c.req.raw);
  if (posted.ok) return posted.tasks;
  return posted.code === null ? dropConnection(c) : send(c, refusal(posted.code));
}

/** Answers the first task of a `POST` that costs nothing, and refuses the others. */
export function freeAnswer(
  deps: Deps,
  fn: FreeFunction,
  { tasks, answer }: { tasks: readonly Task[]; answer: (task: Task) => Outcome },
): Envelope {
  const startedAt = performance.now();
  const answers = tasks.map((task, index) =>
    freeTask(deps, fn, { task, outcome: index === 0 ? answer(task) : failed(CODES.oneTask) }),
  );
  return envelopeOf(answers, performance.now() - startedAt);
}

function freeTask(deps: Deps, fn: FreeFunction, { task, outcome }: { task: Task; outcome: Outcome }): TaskAnswer {
  deps.state.balance.note(`${fn.api}/${fn.name}`);
  return {
    ...outcome,
    id: newTaskId(fn.id, new Date(deps.now())),
    tookMs: 0,
    path: ['v3', fn.api, fn.name],
    data: { api: fn.api, function: fn.name, ...task },
  };
}
