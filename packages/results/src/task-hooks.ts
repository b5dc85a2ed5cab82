import { createHash } from 'node:crypto';
import { type JobRecord, jobView, type StoredEvent, taskId } from '@linkhaul/jobs';
import type { TaskHookName } from '@linkhaul/schemas';
import { envelopeOf, textOf } from '@linkhaul/schemas/vendor';
import type { PostedTask } from '@linkhaul/storage';
import type { Reading } from './batch.js';
import { readTaskState, taskAnswer } from './task-answer.js';

/** A request that tells of the end of a Standard task, or of a job, at an address that the task or job names. */
export interface TaskHook {
  /** The same at every attempt. */
  readonly id: string;
  readonly event: TaskHookName;
  readonly url: string;
  readonly allowPrivate: boolean;
  /** The number of the task, or that it is of the job: the body of the delivery until it is sent. */
  readonly about: string;
}

const FIELDS = { pingback_url: 'task.pingback', postback_url: 'task.postback' } as const;
const JOB = 'job';

interface Asking {
  readonly about: string;
  readonly id: string;
  readonly tag: unknown;
  readonly urls: Readonly<Record<string, unknown>>;
  readonly allowPrivate: boolean;
}

/** What is to be sent when a job has ended. */
export function hooksOf(event: StoredEvent, tasks: readonly PostedTask[]): TaskHook[] {
  if (!('job' in event) || event.job.finishedAt === null) return [];
  const { id, tag, hooks, tasks: ofJob } = event.job.description;
  const allowPrivate = ofJob?.allowPrivate ?? false;
  const ofTasks = tasks.map(({ data }, number): Asking => {
    return { about: String(number), id: taskId(id, number), tag: data.tag, urls: data, allowPrivate };
  });
  const ofAll =
    hooks === undefined ? [] : [{ about: JOB, id, tag, urls: { ...hooks }, allowPrivate: hooks.allowPrivate }];
  return [...ofTasks, ...ofAll].flatMap((asking) => hooksIn(event.id, asking));
}

function hooksIn(event: string, { about, id, tag, urls, allowPrivate }: Asking): TaskHook[] {
  return Object.entries(FIELDS).flatMap(([field, name]): TaskHook[] => {
    const url = urls[field];
    if (typeof url !== 'string') return [];
    return [{ id: hookId(event, `${about} ${name}`), event: name, url: filled(url, id, tag), allowPrivate, about }];
  });
}

/** Of the form of an event's id, so that deliveries are listed by it. */
function hookId(event: string, what: string): string {
  const hash = createHash('sha1').update(`${event} ${what}`).digest('hex').slice(0, 12);
  return event.replace(/[0-9a-f]{12}$/, hash);
}

/** `$id` and `$tag` stand for those of the task, anywhere in the address. A `#` is a part of it too: a fragment is not sent. */
function filled(url: string, id: string, tag: unknown): string {
  // Half of a surrogate pair could not be encoded.
  const text = typeof tag === 'string' ? encodeURIComponent(Buffer.from(tag).toString()) : '';
  return url.replaceAll('$id', id).replaceAll('$tag', text).replaceAll('#', '%23');
}

/** The body of a postback: the answer as `task_get` gives it, or the job as webhooks show it. Null if it is gone. */
export async function postbackBody(job: JobRecord, about: string, reading: Reading): Promise<string | null> {
  if (about === JOB) return JSON.stringify(jobView(job));
  const state = await readTaskState(job, Number(about), reading);
  if (state === null || state.result === null) return null;
  const answer = taskAnswer(job, { ...state, result: state.result });
  return textOf(envelopeOf([answer], answer.tookMs));
}
