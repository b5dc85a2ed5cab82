import { newJobId } from '@linkhaul/jobs';
import { type InputReport, type SubmittedJob, submittedJob } from '@linkhaul/schemas';
import type { JobRef } from '@linkhaul/storage';
import type { Context } from 'hono';
import { z } from 'zod';
import { endOf, requireKey } from '../../middleware/end-with-key.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';
import type { AppEnv, Services } from '../../services.js';
import { accept, UncertainAccept } from '../../submit/accept.js';
import { admissionOf } from '../../submit/admission/admitted.js';
import { type KeyHold, requireSame, takeKey } from '../../submit/idempotency.js';
import { takeIn } from '../../submit/intake.js';
import { readSubmission } from '../../submit/read-submission.js';
import { cleanlyDone, openUpload, requireReady } from '../../submit/upload.js';
import { EXAMPLE_CSV, listExamples } from '../examples.js';
import { waitMs } from '../parameters.js';
import { showJob } from './show-job.js';
import { waitUntilFinished } from './wait.js';

export const submitJob = defineRoute({
  method: 'post',
  path: '/v1/jobs',
  id: 'submitJob',
  summary: 'Submit a list',
  description:
    'The service reads the list, stores its rows and prices them; only then does the job exist. With a JSON body the fields are in the body. With any other body they are in the query, where `params`, `webhook` and `metadata` are JSON. A body may be gzipped. An upload may be slow, but not silent for 30 s.',
  access: 'tenant',
  scope: 'submit',
  request: NO_INPUT.extend({ query: z.object({ wait_ms: waitMs }) }),
  takesList: 'job',
  headers: z.object({
    'Idempotency-Key': z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe('The same key with the same request makes one job, for as long as the job is kept.'),
  }),
  answers: {
    202: {
      description: 'The job, with exact counts and its price, and how its list was read.',
      contents: { 'application/json': submittedJob },
      headers: { Location: "The job's path." },
    },
  },
  problems: ['budget_too_low', 'looks_separated', 'conflict', 'idempotency_key_busy', 'idempotency_key_reused'],
  examples: [
    {
      title: 'Two domains and a page, within a budget',
      given: 'nothing',
      body: {
        type: 'application/json',
        content: {
          endpoint: 'bulk_pages_summary',
          tag: 'weekly',
          targets: ['example.com', { target: 'https://example.org/pricing', id: 'row-2' }, 'blog.example.net'],
          params: { include_subdomains: true },
          max_cost_usd: 5,
        },
      },
      status: 202,
    },
    {
      title: 'One target on each line, fields in the query',
      given: 'nothing',
      query: { endpoint: 'bulk_backlinks', tag: 'weekly', metadata: '{"client":"acme"}' },
      headers: { 'Idempotency-Key': 'weekly-2026-11-22' },
      body: { type: 'text/plain', content: 'example.com\nexample.org\n' },
      status: 202,
    },
    {
      title: 'Two columns of a CSV',
      given: 'nothing',
      query: { endpoint: 'bulk_backlinks', column: 'site', id_column: 'client' },
      body: { type: 'text/csv', content: EXAMPLE_CSV },
      status: 202,
    },
    ...listExamples(202),
    {
      title: 'A field that does not exist is refused, and a near one suggested',
      given: 'nothing',
      body: {
        type: 'application/json',
        content: { endpoint: 'bulk_backlinks', targets: ['example.com'], max_cost: 5 },
      },
      status: 422,
    },
  ],
  serve:
    (services) =>
    async (c, { query: { wait_ms: waitMs } }, given) => {
      // `wait_ms` is not part of the request that an idempotency key identifies.
      const { wait_ms: _, ...query } = given;
      await requireReady(services);
      const job = { tenant: c.get('tenant'), id: newJobId(await services.calls.now()) };
      const key = await takeKey(c, { job, query }, services);
      if (key !== null && 'kind' in key) {
        await requireSame(c, key, { query, pass: admissionOf(c, services) });
        c.header('idempotency-replayed', 'true');
        const accepted = { ...job, id: key.jobId };
        // The first request may have failed after it made the job. This request acknowledges the job, so it must be in storage.
        await services.snapshots.keepUnstored(accepted);
        return answer(c, accepted, { waitMs, services });
      }
      const input = await services.tracing.begin('submit', { 'linkhaul.job': job.id }, () =>
        submit(c, { job, query, key }, services),
      );
      return answer(c, job, { waitMs, services, input });
    },
});

interface Submitting {
  readonly job: JobRef;
  readonly query: Readonly<Record<string, string>>;
  readonly key: KeyHold | null;
}

/** Reads the list and makes the job. Returns how the list was read. */
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
      // From here on the job exists, and the client must be told, whatever happens to the key.
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
