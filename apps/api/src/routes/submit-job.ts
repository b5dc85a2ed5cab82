import { estimateCost, type JobDescription, jobView, messageIds, newJobId } from '@linkhaul/jobs';
import { endpointOf, type Submission } from '@linkhaul/schemas';
import { type JobRef, paths } from '@linkhaul/storage';
import { type Context, Hono } from 'hono';
import { ApiProblem, notAvailable } from '../problem.js';
import type { AppEnv, Services } from '../services.js';
import { readBody } from '../submit/body.js';
import { fieldsFromQuery, parseFields, refuseUnknownField } from '../submit/fields.js';
import { type Intake, takeIn } from '../submit/intake.js';
import { readJsonBody } from '../submit/json-body.js';
import type { RowBatch } from '../submit/submission.js';
import { readTextRows } from '../submit/text-rows.js';
import { parseWait, waitUntilFinished } from './wait.js';

/** `POST /v1/jobs`: takes the list in as it streams, then makes the job exist, whole or not at all. */
export function submitJob(services: Services): Hono<AppEnv> {
  return new Hono<AppEnv>().post('/v1/jobs', async (c) => {
    if (c.req.header('idempotency-key') !== undefined) throw notAvailable('the header Idempotency-Key');
    const { wait_ms, ...query } = c.req.query();
    const waitMs = parseWait(wait_ms);
    await services.store.check();
    const job = { tenant: c.get('tenant'), id: newJobId(Date.now()) };
    const { submission, batches } = await readSubmission(c, query);
    const { storage, env } = services;
    const intake = await takeIn(batches, { storage, job, submission, maxRows: env.storage.maxRows });
    await accept(job, { submission, intake }, services);
    const record = await waitUntilFinished(job, { waitMs, services, signal: c.req.raw.signal });
    return c.json(jobView(record), 202, { location: `/v1/jobs/${job.id}` });
  });
}

async function readSubmission(
  c: Context<AppEnv>,
  query: Record<string, string>,
): Promise<{ submission: Submission; batches: AsyncIterable<RowBatch> | Iterable<RowBatch> }> {
  const body = () => readBody(c.env.incoming, c.req.header('content-encoding'));
  const type = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  switch (type) {
    case 'application/json': {
      const [name] = Object.keys(query);
      if (name !== undefined) refuseUnknownField(name);
      if (name !== undefined) throw new ApiProblem('invalid_request', `${name}: with a JSON body the fields go into the body.`);
      const { fields, rows } = await readJsonBody(body());
      return { submission: parseFields(fields), batches: [rows] };
    }
    case 'text/plain':
      return { submission: parseFields(fieldsFromQuery(query)), batches: readTextRows(body()) };
    case 'text/csv':
    case 'application/x-ndjson':
      throw notAvailable(`the body type ${type}`);
    default:
      throw new ApiProblem(
        'unsupported_media_type',
        `${type ? `${type} is not taken` : 'No content type was sent'}: use -H 'Content-Type: application/json', or text/plain with a target a line.`,
      );
  }
}

async function accept(job: JobRef, { submission, intake }: { submission: Submission; intake: Intake }, services: Services): Promise<void> {
  const { store, storage, queues, env } = services;
  const description = describe(job, { submission, intake }, services);
  const estimatedNanos = estimateCost(
    {
      endpoint: endpointOf(submission.endpoint),
      targets: intake.targets,
      maxItemsPerTarget: submission.max_items_per_target,
    },
    env.prices,
  );
  await storage.put(paths.description(job), Buffer.from(JSON.stringify(description)));
  await store.accept(description, { ...intake, estimatedNanos });
  // Accepted is durable: if this message is lost, reconciliation adds it again.
  await queues.add('plan', job, { id: messageIds.plan(job) }).catch((err: unknown) => services.logger.warn({ err, job: job.id }, 'plan message'));
}

function describe(job: JobRef, { submission, intake }: { submission: Submission; intake: Intake }, { env }: Services): JobDescription {
  const { tag, expect_rows: _, webhook, ...fields } = submission;
  return {
    ...fields,
    ...job,
    tag: tag ?? job.id,
    createdAt: Date.now(),
    upstreamHost: env.upstreamHost,
    webhook: webhook === undefined ? null : { url: webhook.url, events: webhook.events ?? null, allowPrivate: env.webhookAllowPrivate },
    rowParts: intake.rowParts,
    invalidParts: intake.invalidParts,
  };
}
