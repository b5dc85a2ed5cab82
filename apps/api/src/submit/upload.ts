import { type JobRef, paths, type RowWriter, writeRows } from '@linkhaul/storage';
import { isAway } from '../away.js';
import { ApiProblem } from '../problem.js';
import type { Services } from '../services.js';
import { UncertainAccept } from './accept.js';

const KEEP_EVERY_MS = 60_000;

/** No list is taken in that could not become a job. */
export async function requireReady({ store, storage, logger }: Services): Promise<void> {
  try {
    await Promise.all([store.check(), storage.verify()]);
  } catch (error) {
    if (isAway(error)) throw error;
    logger.error({ err: error }, 'not ready');
    throw new ApiProblem('unavailable', 'The service cannot keep jobs: /readyz names what is wrong.');
  }
}

/** Where the rows of a list go. From here on it is known that bytes of it may be in storage, also after a crash. */
export async function openUpload(job: JobRef, { uploads, storage }: Services): Promise<RowWriter> {
  await uploads.begin(job);
  return writeRows(storage, job);
}

/** Takes a list in; on any refusal nothing of it stays behind. */
export async function cleanlyDone<T>(job: JobRef, services: Services, work: () => Promise<T>): Promise<T> {
  // What cannot be said now is said a minute later; an upload that was given up is found out when it is accepted.
  const keep = setInterval(() => void services.uploads.keep(job).catch(() => undefined), KEEP_EVERY_MS);
  try {
    return await work();
  } catch (error) {
    await cleanUp(job, error, services);
    throw error instanceof UncertainAccept ? error.cause : error;
  } finally {
    clearInterval(keep);
  }
}

async function cleanUp(job: JobRef, error: unknown, { storage, uploads, logger }: Services): Promise<void> {
  if (error instanceof UncertainAccept) return logger.warn({ err: error.cause, job: job.id }, 'job may exist');
  try {
    await storage.remove(paths.job(job));
    await uploads.end(job);
  } catch (err) {
    // Given up like an upload whose process has died, and then removed.
    logger.warn({ err, job: job.id }, 'rows left behind');
  }
}
