import type { Backend } from './backend.js';
import { compressBytes, decompressBytes } from './parts.js';
import { type JobRef, paths } from './paths.js';

/** A task in the vendor's form, as it was posted, and the number of its rows in the job. */
interface KeptTask {
  readonly rows: number;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface PostedTask extends KeptTask {
  /** The line of its first row in the job. The others follow. */
  readonly firstLine: number;
}

/** Stores the tasks that a job answers. */
export async function keepTasks(backend: Backend, job: JobRef, tasks: readonly KeptTask[]): Promise<void> {
  const kept = tasks.map(({ rows, data }): KeptTask => ({ rows, data }));
  await backend.put(paths.tasks(job), await compressBytes(Buffer.from(JSON.stringify(kept))));
}

export async function readTasks(backend: Backend, job: JobRef): Promise<readonly PostedTask[]> {
  const bytes = await backend.get(paths.tasks(job));
  const kept: readonly KeptTask[] = bytes === null ? [] : JSON.parse((await decompressBytes(bytes)).toString('utf8'));
  let firstLine = 1;
  return kept.map(({ rows, data }) => {
    const task = { firstLine, rows, data };
    firstLine += rows;
    return task;
  });
}
