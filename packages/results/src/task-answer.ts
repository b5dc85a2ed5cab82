import { type JobRecord, refOf, taskId } from '@linkhaul/jobs';
import type { TaskAnswer } from '@linkhaul/schemas/vendor';
import { type PostedTask, readTasks } from '@linkhaul/storage';
import type { Reading } from './batch.js';
import { readTaskResult, type TaskResult } from './task-result.js';

/** A task of a job, and its result. Null while it has none. */
export interface TaskState {
  readonly id: string;
  readonly number: number;
  readonly posted: PostedTask;
  readonly result: TaskResult | null;
}

/** All tasks of a job, in their order. */
export async function readTaskStates(job: JobRecord, reading: Reading): Promise<TaskState[]> {
  const tasks = await readTasks(reading.storage, refOf(job.description));
  const states: TaskState[] = [];
  for (const number of tasks.keys()) {
    const state = await stateOf(job, { number, tasks }, reading);
    if (state !== null) states.push(state);
  }
  return states;
}

/** One task of a job. Null if it has none with this number. */
export async function readTaskState(job: JobRecord, number: number, reading: Reading): Promise<TaskState | null> {
  return stateOf(job, { number, tasks: await readTasks(reading.storage, refOf(job.description)) }, reading);
}

async function stateOf(
  job: JobRecord,
  { number, tasks }: { number: number; tasks: readonly PostedTask[] },
  reading: Reading,
): Promise<TaskState | null> {
  const posted = tasks[number];
  if (posted === undefined) return null;
  const result = await readTaskResult(job, posted, reading);
  return { id: taskId(job.description.id, number), number, posted, result };
}

/** When the tasks of a job were answered. If the job is still running, when its last answer came. */
export function answeredAt({ finishedAt, movedAt, description }: JobRecord): number {
  return finishedAt ?? movedAt ?? description.createdAt;
}

/** The answer to a Standard task as it is fetched or posted back. */
export function taskAnswer(job: JobRecord, { id, posted, result }: TaskState & { result: TaskResult }): TaskAnswer {
  const { endpoint, createdAt } = job.description;
  return {
    ...result,
    id,
    tookMs: Math.max(0, answeredAt(job) - createdAt),
    path: ['v3', 'backlinks', endpoint, 'task_get', id],
    data: { api: 'backlinks', function: endpoint, ...posted.data },
  };
}
