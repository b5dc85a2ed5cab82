import type { Backend } from './backend.js';
import { compressBytes, decompressBytes } from './parts.js';
import { type JobRef, paths } from './paths.js';

/** A task in the vendor's form, as it was posted. */
export interface PostedTask {
  readonly path: string;
  /** The lines of its rows in the job: from the first on. */
  readonly firstLine: number;
  readonly rows: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Keeps the tasks that a job answers. */
export async function keepTasks(backend: Backend, job: JobRef, tasks: readonly PostedTask[]): Promise<void> {
  await backend.put(paths.tasks(job), await compressBytes(Buffer.from(JSON.stringify(tasks))));
}

export async function readTasks(backend: Backend, job: JobRef): Promise<readonly PostedTask[]> {
  const bytes = await backend.get(paths.tasks(job));
  return bytes === null ? [] : JSON.parse((await decompressBytes(bytes)).toString('utf8'));
}
