import { newJobId, type TasksOfJob } from '@linkhaul/jobs';
import { type EndpointName, type Submission, submission } from '@linkhaul/schemas';
import { type JobRef, keepTasks } from '@linkhaul/storage';
import type { Services } from '../services.js';
import { accept } from '../submit/accept.js';
import { takeIn } from '../submit/intake.js';
import type { RowSource } from '../submit/submission.js';
import { cleanlyDone, openUpload } from '../submit/upload.js';
import { asksToBeTold } from './hooks.js';
import type { JudgedTask } from './judge-task.js';

/** Tasks that are alike but for their targets. */
export interface AlikeTasks {
  readonly name: EndpointName;
  readonly kind: TasksOfJob['kind'];
  readonly tasks: readonly [JudgedTask, ...JudgedTask[]];
  /** Shown in the job's history. */
  readonly by: string;
}

/** What nobody is told: how the list was read. */
const UNREAD = { valid: () => undefined, invalid: () => undefined };

/** Makes one job of tasks that are alike: each of their targets is a row of it, taken in as the rows of a list are. */
export async function acceptTasks(job: JobRef, alike: AlikeTasks, services: Services): Promise<void> {
  const { name, kind, tasks, by } = alike;
  const [{ params, limit, begin }] = tasks;
  // What a task asks for from the middle of a list on is no list: it neither reuses nor is reused.
  const maxAge = begin === null ? await services.tenants.maxAge(job.tenant) : null;
  const now = await services.calls.now();
  const fields = submission.parse({
    endpoint: name,
    params,
    tag: tagOf(alike, now),
    keep_www: true,
    ...(limit !== null && { max_items_per_target: limit }),
    ...(maxAge !== null && { max_age: maxAge }),
    ...(kind === 'live' && withdrawnAt(now + services.env.timing.liveWaitMs)),
  });
  await cleanlyDone(job, services, async () => {
    const writer = await openUpload(job, services);
    const options = { writer, submission: fields, source: 'json', maxRows: services.env.storage.maxRows } as const;
    const intake = await takeIn(rowsOf(tasks), { ...options, report: UNREAD });
    await keepTasks(
      services.storage,
      job,
      tasks.map(({ posted: data, inputs }) => ({ data, rows: inputs.length })),
    );
    const hooked = tasks.some(({ posted: task }) => asksToBeTold(task));
    const told = hooked && { hooked, allowPrivate: services.env.webhookAllowPrivate };
    const ofJob = { kind, count: tasks.length, ...told, ...(begin !== null && { begin }) };
    await accept(job, { submission: fields, intake, source: 'json', by, tasks: ofJob, key: null }, services);
  });
}

/** A live task that nobody waits for any more is not sent, even if the API process that would withdraw the task has died. */
function withdrawnAt(deadline: number): Pick<Submission, 'deadline' | 'on_budget'> {
  return { deadline: new Date(deadline).toISOString(), on_budget: 'finish' };
}

export async function newTaskJob(tenant: string, { calls }: Pick<Services, 'calls'>): Promise<JobRef> {
  return { tenant, id: newJobId(await calls.now()) };
}

/** The caller's tag, if all tasks have the same; else that of the day. */
function tagOf({ kind, tasks: [first, ...others] }: AlikeTasks, now: number): string {
  const isShared = first.tag !== null && others.every(({ tag }) => tag === first.tag);
  return isShared ? first.tag : `${kind} tasks of ${new Date(now).toISOString().slice(0, 10)}`;
}

function rowsOf(tasks: AlikeTasks['tasks']): RowSource {
  return async (sink) => {
    let line = 0;
    for (const { inputs, tag } of tasks) {
      for (const input of inputs) sink.text({ line: ++line, input, id: tag });
      await sink.ready();
    }
  };
}
