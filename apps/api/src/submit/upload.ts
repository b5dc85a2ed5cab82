import { type JobRef, paths, type RowWriter, writeRows } from '@linkhaul/storage';
import { ApiProblem } from '../problem.js';
import type { Services } from '../services.js';
import { isUnavailable } from '../unavailable.js';
import { UncertainAccept } from './accept.js';

const KEEP_EVERY_MS = 60_000;

/** Refuses a list before it is read if it could not become a job. */
export async function requireReady({ store, storage, logger }: Services): Promise<void> {
  try {
    await Promise.all([store.check(), storage.verify()]);
  } catch (error) {
    if (isUnavailable(error)) throw error;
    logger.error({ err: error }, 'not ready');
    throw new ApiProblem('unavailable', 'The service cannot keep jobs: /readyz names what is wrong.');
  }
}

/** Opens the writer of a list's rows. First Redis notes the upload, so that its bytes are found even after a crash. */
export async function openUpload(job: JobRef, { uploads, storage }: Services): Promise<RowWriter> {
  await uploads.begin(job);
  return writeRows(storage, job);
}

/** Runs a submission; if it is refused, everything that it stored is removed. */
export async function cleanlyDone<T>(job: JobRef, services: Services, work: () => Promise<T>): Promise<T> {
  // If a renewal fails, the next one follows a minute later. If the upload was given up, accepting the job fails.
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
    // The upload is then given up and removed, like that of a process that died.
    logger.warn({ err, job: job.id }, 'rows left behind');
  }
}
