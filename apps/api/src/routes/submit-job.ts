import { newJobId } from '@linkhaul/jobs';
import type { InputReport, SubmittedJob } from '@linkhaul/schemas';
import { type JobRef, paths, type RowWriter, writeRows } from '@linkhaul/storage';
import { type Context, Hono } from 'hono';
import { isAway } from '../away.js';
import { endOf, requireKey } from '../middleware/end-with-key.js';
import { ApiProblem } from '../problem.js';
import type { AppEnv, Services } from '../services.js';
import { accept, UncertainAccept } from '../submit/accept.js';
import { admissionOf } from '../submit/admitted.js';
import { type KeyHold, requireSame, takeKey } from '../submit/idempotency.js';
import { takeIn } from '../submit/intake.js';
import { readSubmission } from '../submit/read-submission.js';
import { queryOf } from './query.js';
import { showJob } from './show-job.js';
import { parseWait, waitUntilFinished } from './wait.js';

const KEEP_EVERY_MS = 60_000;

/**
 * `POST /v1/jobs`: takes the list in as it streams, then makes the job exist, whole or not at all. With an
 * `Idempotency-Key` the same request again is answered with the job that the first one made.
 */
export function submitJob(services: Services): Hono<AppEnv> {
  return new Hono<AppEnv>().post('/v1/jobs', async (c) => {
    const { wait_ms, ...query } = queryOf(c);
    const waitMs = parseWait(wait_ms);
    await requireReady(services);
    const job = { tenant: c.get('tenant'), id: newJobId(await services.calls.now()) };
    const key = await takeKey(c, { job, query }, services);
    if (key !== null && 'kind' in key) {
      await requireSame(c, key, { query, pass: admissionOf(c, services) });
      c.header('idempotency-replayed', 'true');
      return answer(c, { ...job, id: key.jobId }, { waitMs, services });
    }
    const input = await submit(c, { job, query, key }, services);
    return answer(c, job, { waitMs, services, input });
  });
}

interface Submitting {
  readonly job: JobRef;
  readonly query: Readonly<Record<string, string>>;
  readonly key: KeyHold | null;
}

/** How the list was read. */
async function submit(c: Context<AppEnv>, { job, query, key }: Submitting, services: Services): Promise<InputReport> {
  const { env } = services;
  const pass = admissionOf(c, services);
  return cleanlyDone(job, services, async () => {
    try {
      const onBytes = (chunk: Buffer) => key?.digest.add(chunk);
      const { submission, rows, source, report } = await readSubmission(c, query, { purpose: 'job', pass, onBytes });
      const writer = await openUpload(job, services);
      const intake = await takeIn(rows, { writer, submission, source, maxRows: env.storage.maxRows, report });
      requireKey(c);
      // From here on the job exists, and its client has to know of it, whatever becomes of the key.
      await accept(job, { submission, intake, source, by: c.get('by'), key: key?.bound() ?? null }, services);
      return report.view();
    } catch (error) {
      if (!(error instanceof UncertainAccept)) await key?.release();
      throw error;
    } finally {
      key?.leave();
      pass.leave();
    }
  });
}

async function answer(
  c: Context<AppEnv>,
  job: JobRef,
  { waitMs, services, input }: { waitMs: number; services: Services; input?: InputReport },
): Promise<Response> {
  const record = await waitUntilFinished(job, { waitMs, services, signal: endOf(c) });
  const body: SubmittedJob = { ...(await showJob(record, services)), ...(input && { input }) };
  return c.json(body, 202, { location: `/v1/jobs/${job.id}` });
}

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
