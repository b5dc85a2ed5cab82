import {
  CODES,
  type Envelope,
  envelopeOf,
  messageOf,
  type Refusal,
  refusal,
  type Task,
  type TaskAnswer,
  textOf,
} from '@linkhaul/schemas/vendor';
import type { Context } from 'hono';
import type { ApiProblem } from '../problem.js';
import type { AppEnv } from '../services.js';

type FaceStatus = 200 | 401 | 404 | 500;

/** As with the vendor, errors are in the codes of the body; the HTTP status is usually 200. */
export function send(c: Context<AppEnv>, envelope: Envelope, status: FaceStatus = 200): Response {
  return c.body(textOf(envelope), status, { 'content-type': 'application/json' });
}

/** A task's id, and the parts of the path, after `/v3`, that it was posted to. */
export interface TaskPlace {
  readonly id: string;
  readonly path: readonly string[];
}

/** The answer to a task without a result, at no cost. */
export function resultless({ id, path }: TaskPlace, { code, message }: Refusal, posted: Task = {}): TaskAnswer {
  const data = dataOf(path, posted);
  return {
    id,
    code,
    message,
    nanos: 0,
    tookMs: 0,
    path: ['v3', ...path],
    data,
    resultCount: 0,
    result: null,
    items: 0,
  };
}

/** The fields of a task that its answer repeats. */
export function dataOf([api = '', name = '']: readonly string[], posted: Task): Task {
  return { api, function: name, ...posted };
}

/** A refusal with one of the vendor's codes and its message. */
export function saying(code: number): Refusal {
  return { code, message: messageOf(code) };
}

/** The answer to a request, made of the answers to its tasks. */
export function answerTasks(c: Context<AppEnv>, tasks: readonly TaskAnswer[], startedAt: number): Response {
  return send(c, envelopeOf(tasks, performance.now() - startedAt));
}

/** A refusal of the service in the vendor's form. */
export function sendProblem(c: Context<AppEnv>, { code }: ApiProblem): Response {
  switch (code) {
    case 'unauthorized':
    case 'forbidden':
    case 'forbidden_origin':
      c.header('WWW-Authenticate', 'Basic realm="Linkhaul"');
      return send(c, refusal(CODES.unauthorized), 401);
    case 'too_many_requests':
      return send(c, refusal(CODES.rateLimit));
    case 'budget_too_low':
      return send(c, refusal(CODES.funds));
    case 'not_found':
      return send(c, refusal(CODES.notFound), 404);
    default:
      return send(c, refusal(CODES.internal), 500);
  }
}
