import { costOf, newJobId } from '@linkhaul/jobs';
import {
  type Endpoint,
  type EstimateView,
  endpointOf,
  type InputReport,
  type ListEndpoint,
  usdOf,
} from '@linkhaul/schemas';
import type { RowWriter } from '@linkhaul/storage';
import { type Context, Hono } from 'hono';
import { noTenant } from '../middleware/authenticate.js';
import { endOf, requireKey } from '../middleware/end-with-key.js';
import { invalidRequest, notAvailable } from '../problem.js';
import type { AppEnv, Services } from '../services.js';
import { type Accepted, accept, type Judged, judge } from '../submit/accept.js';
import type { Pass } from '../submit/admission.js';
import { admissionOf } from '../submit/admitted.js';
import { type Foreseen, forecast } from '../submit/forecast.js';
import { createInputOrder, type InputOrder } from '../submit/input-order.js';
import { takeIn } from '../submit/intake.js';
import { pointTo } from '../submit/pointers.js';
import { learn, probeOf } from '../submit/probe.js';
import { readSubmission } from '../submit/read-submission.js';
import { type Query, queryOf } from './query.js';
import { cleanlyDone, openUpload, requireReady } from './submit-job.js';
import { LONGEST_WAIT_MS, parseWait, waitUntilFinished } from './wait.js';

/**
 * `POST /v1/estimates`: what a list would come to as a job. Nothing runs and nothing is stored, but with `probe=1`, which
 * buys an item a target through a job of its own.
 */
export function estimates(services: Services): Hono<AppEnv> {
  return new Hono<AppEnv>().post('/v1/estimates', async (c) => {
    const { probe, wait_ms, ...query } = queryOf(c);
    const waitMs = parseProbe(probe, wait_ms);
    if (waitMs !== null) return c.json(await probed(c, { query, waitMs, services }));
    const taken = await take(c, query, { services, rows: NOWHERE });
    const judged = await judge(taken, services);
    const { calls } = taken.inputOrder;
    const inInputOrder = { calls, cost: costOf(judged.prices, { calls, items: taken.intake.valid }) };
    const around = await surroundings(c, { taken, judged, services });
    const view: EstimateView = {
      ...forecast({ ...around, estimate: judged.estimate, inInputOrder }),
      input: taken.input,
    };
    return c.json(view);
  });
}

/** How long a probe may take; null where none is asked for. */
function parseProbe(probe: string | undefined, waitMs: string | undefined): number | null {
  if (probe !== undefined && probe !== '1') throw invalidRequest('probe', 'must be 1');
  if (probe === undefined && waitMs !== undefined) throw invalidRequest('wait_ms', 'goes with probe=1');
  if (probe === undefined) return null;
  return waitMs === undefined ? LONGEST_WAIT_MS : parseWait(waitMs);
}

interface Taken extends Accepted {
  readonly input: InputReport;
  readonly endpoint: Endpoint;
  readonly inputOrder: InputOrder;
}

interface Taking {
  readonly services: Services;
  /** Where the rows go, besides being counted. */
  readonly rows: RowWriter;
  readonly isProbe?: boolean;
}

const NOWHERE: RowWriter = {
  valid: () => undefined,
  invalid: () => undefined,
  finish: async () => ({ rowParts: 0, invalidParts: 0 }),
  atRest: async () => undefined,
};

async function take(c: Context<AppEnv>, query: Query, taking: Taking): Promise<Taken> {
  const pass = admissionOf(c, taking.services);
  try {
    return await takeAll(c, query, { ...taking, pass });
  } finally {
    pass.leave();
  }
}

async function takeAll(c: Context<AppEnv>, query: Query, taking: Taking & { readonly pass: Pass }): Promise<Taken> {
  const { services, rows, pass, isProbe = false } = taking;
  const { submission, rows: list, source, report } = await readSubmission(c, query, { purpose: 'estimate', pass });
  const endpoint = endpointOf(submission.endpoint);
  if (isProbe) judgeProbe(endpoint, { submission, source });
  const inputOrder = createInputOrder(endpoint);
  const writer: RowWriter = {
    ...rows,
    valid(row, numbers) {
      inputOrder.add(numbers.domain);
      return rows.valid(row, numbers);
    },
  };
  const intake = await takeIn(list, { writer, submission, source, maxRows: services.env.storage.maxRows, report });
  return { submission, source, intake, by: c.get('by'), key: null, endpoint, inputOrder, input: report.view() };
}

/** Only lists have sizes to learn, and what is spent on that needs a bound. */
function judgeProbe(endpoint: Endpoint, { submission, source }: Pick<Accepted, 'submission' | 'source'>): void {
  listOnly(endpoint);
  if (submission.max_cost_usd === undefined) {
    throw invalidRequest(pointTo(source, ['max_cost_usd']), 'is required with probe=1, which spends money');
  }
}

function listOnly(endpoint: Endpoint): ListEndpoint {
  if (endpoint.kind === 'list') return endpoint;
  throw invalidRequest('probe', 'is for list endpoints: the price of a bulk job is known without it');
}

interface Surroundings {
  readonly taken: Taken;
  readonly judged: Judged;
  readonly services: Services;
}

/** Everything that a forecast needs and that is not of the list's own size. */
async function surroundings(
  c: Context<AppEnv>,
  { taken, judged, services }: Surroundings,
): Promise<Omit<Foreseen, 'estimate' | 'inInputOrder'>> {
  const { env, outlooks, prices } = services;
  const [ahead, balance] = await Promise.all([
    outlooks.ahead(env.upstreamHost),
    c.get('isAdmin') ? prices.balance(env.upstreamHost) : null,
  ]);
  const { bounds, estimate } = judged;
  return {
    rows: taken.intake,
    cheapestCall: estimate.cheapestCall,
    maxCost: bounds.maxCost,
    ahead,
    balance,
  };
}

interface Probing {
  readonly query: Query;
  readonly waitMs: number;
  readonly services: Services;
}

/** Waits for the probe's job, and answers with what is known when it is finished or the time is over. */
async function probed(c: Context<AppEnv>, { query, waitMs, services }: Probing): Promise<EstimateView> {
  const tenant = c.get('tenant');
  if (tenant === undefined) throw noTenant();
  if (c.req.header('idempotency-key') !== undefined) throw notAvailable('the header Idempotency-Key with probe=1');
  await requireReady(services);
  const job = { tenant, id: newJobId(await services.calls.now()) };
  const { taken, judged } = await cleanlyDone(job, services, async () => {
    const taken = await take(c, query, { services, rows: await openUpload(job, services), isProbe: true });
    const judged = await judge(taken, services);
    requireKey(c);
    await accept(job, { ...taken, submission: probeOf(taken.submission), isProbe: true }, services);
    return { taken, judged };
  });
  const record = await waitUntilFinished(job, { waitMs, services, signal: endOf(c) });
  const { max_items_per_target: maxItemsPerTarget } = taken.submission;
  const priced = { endpoint: listOnly(taken.endpoint), prices: judged.prices, maxItemsPerTarget };
  const { estimate, inInputOrder: cost, rows } = await learn(record, priced, services);
  const around = await surroundings(c, { taken, judged, services });
  return {
    ...forecast({ ...around, estimate, inInputOrder: { calls: taken.inputOrder.calls, cost } }),
    input: taken.input,
    probe: { job: job.id, rows, spent_usd: usdOf(record.counts.spent) },
  };
}
