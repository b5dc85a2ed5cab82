import type { Job, Row } from '@linkhaul/schemas';
import type { Context } from './command.js';
import type { RetryAdvice } from './render/job.js';

/** The most failed rows that are read. If none of them is retryable, the advice is `--all`, which also retries the rest. */
const MOST_ERRORS_READ = 10_000;

/** The options that `retry` needs to run rows of a finished job again. Null if the job is not finished or has no row to retry. */
export async function retryOf(job: Job, context: Context): Promise<RetryAdvice> {
  const { finished_at: finishedAt, rows } = job;
  if (finishedAt === null || rows.failed + rows.skipped === 0) return null;
  try {
    const [skipped] = rows.skipped === 0 ? [] : await errorsOf(job.id, 'skipped', context);
    const isSomeRetryable = skipped?.retryable || (await errorsOf(job.id, 'failed', context)).at(-1)?.retryable;
    return [
      ...(isSomeRetryable ? [] : ['--all']),
      // The budget is used up: without a larger one nothing is sent.
      ...(skipped?.code === 'budget' ? ['--max-cost USD, with more than before'] : []),
    ];
  } catch {
    // The advice is optional: without it, the command still shows how the job ended.
    return [];
  }
}

/** The errors of a job's rows, up to the first retryable one. */
async function errorsOf(id: string, status: 'failed' | 'skipped', { client, terminal }: Context) {
  const errors: NonNullable<Row['error']>[] = [];
  for await (const { error } of client.rows(id, { status: [status], signal: terminal.interrupted })) {
    if (error !== null) errors.push(error);
    if (error === null || error.retryable || errors.length === MOST_ERRORS_READ) break;
  }
  return errors;
}
