import { createHash } from 'node:crypto';
import { type JobRecord, type StoredEvent, taskId } from '@linkhaul/jobs';
import type { TaskHookName } from '@linkhaul/schemas';
import { envelopeOf, textOf } from '@linkhaul/schemas/vendor';
import type { PostedTask } from '@linkhaul/storage';
import type { Reading } from './batch.js';
import { readTaskState, taskAnswer } from './task-answer.js';

/** A request that tells of the end of a Standard task, at an address that the task names. */
export interface TaskHook {
  /** The same at every attempt. */
  readonly id: string;
  readonly event: TaskHookName;
  readonly url: string;
  /** The number of the task, as text: the body of the delivery until it is sent. */
  readonly number: string;
}

const FIELDS = { pingback_url: 'task.pingback', postback_url: 'task.postback' } as const;

/** What is to be sent when a job has ended: nothing unless it answers Standard tasks. */
export function hooksOf(event: StoredEvent, tasks: readonly PostedTask[]): TaskHook[] {
  if (!('job' in event) || event.job.finishedAt === null) return [];
  const { id: job } = event.job.description;
  return tasks.flatMap(({ data }, number) =>
    Object.entries(FIELDS).flatMap(([field, name]): TaskHook[] => {
      const url = data[field];
      if (typeof url !== 'string') return [];
      const id = hookId(event.id, `${number} ${name}`);
      return [{ id, event: name, url: filled(url, taskId(job, number), data.tag), number: String(number) }];
    }),
  );
}

/** Of the form of an event's id, so that deliveries are listed by it. */
function hookId(event: string, what: string): string {
  const hash = createHash('sha1').update(`${event} ${what}`).digest('hex').slice(0, 12);
  return event.replace(/[0-9a-f]{12}$/, hash);
}

/** `$id` and `$tag` stand for those of the task, anywhere in the address. */
function filled(url: string, id: string, tag: unknown): string {
  // Half of a surrogate pair could not be encoded.
  const text = typeof tag === 'string' ? encodeURIComponent(Buffer.from(tag).toString()) : '';
  return url.replaceAll('$id', id).replaceAll('$tag', text);
}

/** The body of a postback: the answer as `task_get` gives it. */
export async function postbackBody(job: JobRecord, number: number, reading: Reading): Promise<string | null> {
  const state = await readTaskState(job, number, reading);
  if (state === null || state.result === null) return null;
  const answer = taskAnswer(job, { ...state, result: state.result });
  return textOf(envelopeOf([answer], answer.tookMs));
}
