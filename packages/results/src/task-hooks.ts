import { createHash } from 'node:crypto';
import { type JobRecord, jobView, taskId } from '@linkhaul/jobs';
import type { TaskHookName } from '@linkhaul/schemas';
import { envelopeOf, textOf } from '@linkhaul/schemas/vendor';
import type { Reading } from './batch.js';
import type { NumberedTasks } from './decided-tasks.js';
import { readTaskState, taskAnswer } from './task-answer.js';

/** A request that tells of the end of a Standard task, or of a job, at an address that the task or job names. */
export interface TaskHook {
  /** The same at every attempt; each run of the job has its own. */
  readonly id: string;
  readonly event: TaskHookName;
  readonly url: string;
  readonly allowPrivate: boolean;
  /** What it tells of: a task, by its number, or the job. It is the body of the delivery until that is sent. */
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

/** What tasks of a job ask for when they are ready. */
export function hooksOfTasks(job: JobRecord, tasks: NumberedTasks): TaskHook[] {
  const { id, tasks: ofJob } = job.description;
  if (ofJob?.kind !== 'standard') return [];
  const { allowPrivate = false } = ofJob;
  return [...tasks].flatMap(([number, { data }]) =>
    hooksIn(job, { about: String(number), id: taskId(id, number), tag: data.tag, urls: data, allowPrivate }),
  );
}

/** What a job asks for when it has ended. */
export function hooksOfJob(job: JobRecord): TaskHook[] {
  const { id, tag, hooks } = job.description;
  if (hooks === undefined) return [];
  return hooksIn(job, { about: JOB, id, tag, urls: { ...hooks }, allowPrivate: hooks.allowPrivate });
}

/** What a hook of the job, in this run or an earlier one, tells of. Null if it has none with this id. */
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

/** Of the form of an event's id. */
function hookId({ description: { tenant, id, createdAt }, run }: JobRecord, what: string): string {
  const hash = createHash('sha1').update(`${tenant}/${id} ${what}`).digest('hex').slice(0, 12);
  return `evt_${createdAt}_${run}_${hash}`;
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
