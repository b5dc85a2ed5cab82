import type { Job, Row } from '@linkhaul/schemas';
import type { Context } from './command.js';
import type { RetryAdvice } from './render/job.js';

/** So many failed rows are looked at. `--all` takes up whatever stands behind them, too. */
const MOST_ROWS = 10_000;

/** What `retry` needs to be told, so that it takes up rows of a finished job. */
export async function retryOf(job: Job, context: Context): Promise<RetryAdvice> {
  const { finished_at: finishedAt, rows } = job;
  if (finishedAt === null || rows.failed + rows.skipped === 0) return null;
  try {
    const [skipped] = rows.skipped === 0 ? [] : await errorsOf(job.id, 'skipped', context);
    const isSomeRetryable = skipped?.retryable || (await errorsOf(job.id, 'failed', context)).at(-1)?.retryable;
    return [
      ...(isSomeRetryable ? [] : ['--all']),
      // Its money is spent: without more of it nothing is sent.
      ...(skipped?.code === 'budget' ? ['--max-cost USD, with more than before'] : []),
    ];
  } catch {
    // How the job has ended is known all the same.
    return [];
  }
}

/** The errors of its rows, up to the first that may pass when the row is run again. */
async function errorsOf(id: string, status: 'failed' | 'skipped', { client, terminal }: Context) {
  const errors: NonNullable<Row['error']>[] = [];
  for await (const { error } of client.rows(id, { status: [status], signal: terminal.interrupted })) {
    if (error !== null) errors.push(error);
    if (error === null || error.retryable || errors.length === MOST_ROWS) break;
  }
  return errors;
}
