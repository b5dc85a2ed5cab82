import { type Nanos, usdOf } from '../money.js';
import { CODES, LEAST_FAILURE, messageOf } from './codes.js';

export interface TaskAnswer {
  readonly id: string;
  readonly code: number;
  readonly message: string;
  readonly nanos: Nanos;
  readonly tookMs: number;
  readonly path: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
  readonly resultCount: number;
  /** The JSON text of `result`. Null for a task without one. */
  readonly result: string | null;
  readonly items: number;
}

export interface Envelope {
  readonly code: number;
  readonly message: string;
  readonly nanos: Nanos;
  readonly tookMs: number;
  /** Null if the request as a whole was refused. */
  readonly tasks: readonly TaskAnswer[] | null;
}

const VERSION = '0.1.20261101';

export function envelopeOf(tasks: readonly TaskAnswer[], tookMs: number): Envelope {
  const nanos = tasks.reduce((sum, task) => sum + task.nanos, 0);
  return { code: CODES.ok, message: messageOf(CODES.ok), nanos, tookMs, tasks };
}

/** An answer that refuses the whole request, without a task. */
export function refusal(code: number): Envelope {
  return { code, message: messageOf(code), nanos: 0, tookMs: 0, tasks: null };
}

/** The envelope as JSON text, with the results put in as the text that they already are. */
export function textOf(envelope: Envelope): string {
  const tasks = envelope.tasks ?? [];
  const head = {
    version: VERSION,
    status_code: envelope.code,
    status_message: envelope.message,
    time: seconds(envelope.tookMs),
    cost: usdOf(envelope.nanos),
    tasks_count: tasks.length,
    tasks_error: tasks.filter(({ code }) => code >= LEAST_FAILURE).length,
  };
  return withLast(head, 'tasks', envelope.tasks === null ? 'null' : `[${tasks.map(taskText).join(',')}]`);
}

function taskText(task: TaskAnswer): string {
  const head = {
    id: task.id,
    status_code: task.code,
    status_message: task.message,
    time: seconds(task.tookMs),
    cost: usdOf(task.nanos),
    result_count: task.resultCount,
    path: task.path,
    data: task.data,
  };
  return withLast(head, 'result', task.result ?? 'null');
}

/** The JSON text of an object with one more field, whose value is JSON text. */
export function withLast(head: object, field: string, value: string): string {
  const text = JSON.stringify(head);
  const joint = text === '{}' ? '' : ',';
  return `${text.slice(0, -1)}${joint}${JSON.stringify(field)}:${value}}`;
}

function seconds(ms: number): string {
  return `${Number((ms / 1000).toFixed(4))} sec.`;
}
