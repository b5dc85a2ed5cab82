import { createHash } from 'node:crypto';
import { type JobRecord, jobView, taskId } from '@linkhaul/jobs';
import type { TaskHookName } from '@linkhaul/schemas';
import { envelopeOf, textOf } from '@linkhaul/schemas/vendor';
import type { Reading } from './batch.js';
import type { NumberedTasks } from './decided-tasks.js';
import { readTaskState, taskAnswer } from './task-answer.js';

/** A request that reports the end of a Standard task, or of a job, to an address that the task or job names. */
export interface TaskHook {
  /** The same at every attempt; each run of the job has its own. */
  readonly id: string;
  readonly event: TaskHookName;
  readonly url: string;
  readonly allowPrivate: boolean;
  /** The number of the task, or `job`. It is the body of the delivery until it is sent. */
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

/** The requests to send when these tasks of a job are ready. */
export function hooksOfTasks(job: JobRecord, tasks: NumberedTasks): TaskHook[] {
  const { id, tasks: ofJob } = job.description;
  if (ofJob?.kind !== 'standard') return [];
  const { allowPrivate = false } = ofJob;
  return [...tasks].flatMap(([number, { data }]) =>
    hooksIn(job, { about: String(number), id: taskId(id, number), tag: data.tag, urls: data, allowPrivate }),
  );
}

/** The requests to send when a job has ended. */
export function hooksOfJob(job: JobRecord): TaskHook[] {
  const { id, tag, hooks } = job.description;
  if (hooks === undefined) return [];
  return hooksIn(job, { about: JOB, id, tag, urls: { ...hooks }, allowPrivate: hooks.allowPrivate });
}

/** The number of the task, or `job`, whose hook has this id, in this run or an earlier one. Null if no hook has it. */
export function subjectOfHook(job: JobRecord, tasks: NumberedTasks, id: string): string | null {
  for (let run = 1; run <= job.run; run++) {
    const hooks = [...hooksOfTasks({ ...job, run }, tasks), ...hooksOfJob({ ...job, run })];
    const found = hooks.find((hook) => hook.id === id);
    if (found !== undefined) return found.about;
  }
  return null;
}

function hooksIn(job: JobRecord, { about, id, tag, urls, allowPrivate }: Asking): TaskHook[] {
  return Object.entries(FIELDS).flatMap(([field, name]): TaskHook[] => {
    const url = urls[field];
    if (typeof url !== 'string') return [];
    return [{ id: hookId(job, `${about} ${name}`), event: name, url: filled(url, id, tag), allowPrivate, about }];
  });
}

/** In the form of an event's id, because deliveries are listed by it: `evt_1764600000000_1_0a1b2c3d4e5f`. */
function hookId({ description: { tenant, id, createdAt }, run }: JobRecord, what: string): string {
  const hash = createHash('sha1').update(`${tenant}/${id} ${what}`).digest('hex').slice(0, 12);
  return `evt_${createdAt}_${run}_${hash}`;
}

/** Replaces `$id` and `$tag` anywhere in the address by those of the task. `#` is escaped, because a fragment is not sent. */
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
