import { newJobId } from '@linkhaul/jobs';
import { type EstimateView, usdOf } from '@linkhaul/schemas';
import type { Context } from 'hono';
import { noTenant } from '../../middleware/authenticate.js';
import { endOf, requireKey } from '../../middleware/end-with-key.js';
import { notAvailable } from '../../problem.js';
import type { Query } from '../../request/query.js';
import type { AppEnv, Services } from '../../services.js';
import { accept, judge } from '../../submit/accept.js';
import { forecast } from '../../submit/estimate/forecast.js';
import { learn, probeOf } from '../../submit/estimate/probe.js';
import { cleanlyDone, openUpload, requireReady } from '../../submit/upload.js';
import { waitUntilFinished } from '../jobs/wait.js';
import { forecastInputs } from './forecast-inputs.js';
import { listOnly, takeList } from './take-list.js';

interface Probing {
  readonly query: Query;
  readonly waitMs: number;
  readonly services: Services;
}

/** Runs the probe's job, and estimates from its findings when it is finished or the time is up. */
export async function probeLists(c: Context<AppEnv>, { query, waitMs, services }: Probing): Promise<EstimateView> {
  const tenant = c.get('tenant');
  if (tenant === undefined) throw noTenant();
  if (c.req.header('idempotency-key') !== undefined) throw notAvailable('the header Idempotency-Key with probe=1');
  await requireReady(services);
  const job = { tenant, id: newJobId(await services.calls.now()) };
  const { taken, judged } = await cleanlyDone(job, services, async () => {
    const taken = await takeList(c, query, { services, rows: await openUpload(job, services), isProbe: true });
    const judged = await judge(taken, services);
    requireKey(c);
    await accept(job, { ...taken, submission: probeOf(taken.submission), isProbe: true }, services);
    return { taken, judged };
  });
  const record = await waitUntilFinished(job, { waitMs, services, signal: endOf(c) });
  const { max_items_per_target: maxItemsPerTarget } = taken.submission;
  const priced = { endpoint: listOnly(taken.endpoint), prices: judged.prices, maxItemsPerTarget };
  const { estimate, inInputOrder: cost, rows } = await learn(record, priced, services);
  const around = await forecastInputs(c, { taken, judged, services });
  return {
    ...forecast({ ...around, estimate, inInputOrder: { calls: taken.inputOrder.calls, cost } }),
    input: taken.input,
    probe: { job: job.id, rows, spent_usd: usdOf(record.counts.spent) },
  };
}
