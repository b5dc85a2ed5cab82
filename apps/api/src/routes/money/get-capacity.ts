import { type Bound, type Capacity, callsPerSecond, isoTime, type Totals, usefulWorkers } from '@linkhaul/jobs';
import { type CapacityView, capacity, type Nanos, usdOf } from '@linkhaul/schemas';
import { ApiProblem } from '../../problem.js';
import { defineRoute } from '../../routing/define-route.js';
import { NO_INPUT } from '../../routing/request-parts.js';

export const getCapacity = defineRoute({
  method: 'get',
  path: '/v1/capacity',
  id: 'getCapacity',
  summary: 'See what the upstream allows, and whether more workers would help',
  description:
    'The limits of the upstream account, how much of them is in use, and what keeps calls from being sent faster. 503 before any worker has run.',
  access: 'any',
  scope: 'read',
  request: NO_INPUT,
  answers: {
    200: { description: 'Limits, use, and what limits the speed.', contents: { 'application/json': capacity } },
  },
  examples: [
    { title: 'With a worker', given: 'worker', status: 200 },
    { title: 'Before any worker has run', given: 'nothing', status: 503 },
  ],
  serve:
    ({ env, capacities, monitor, prices, totals }) =>
    async (c) => {
      const known = await capacities.read(env.upstreamHost);
      const forAdmin = c.get('isAdmin')
        ? { balance: await prices.balance(env.upstreamHost), totals: await totals.read(env.upstreamHost) }
        : NOT_SHOWN;
      if (known !== null) {
        const host = env.upstreamHost;
        const [simulated, origin] = await Promise.all([prices.simulated(host), prices.origin(host)]);
        return c.json(
          viewOf(known, { upstream: { host, simulated, origin }, bound: await monitor.boundOf(host), ...forAdmin }),
        );
      }
      throw new ApiProblem(
        'unavailable',
        'No worker has reported the limits of its account yet: start one, and ask again.',
        {
          headers: { 'retry-after': '2' },
        },
      );
    },
});

interface Beside extends Pick<CapacityView, 'upstream'> {
  readonly bound: Bound | null;
  readonly balance: Nanos | null;
  readonly totals: Totals | null;
}

/** Only admins see these: they concern all tenants, or the operator. */
const NOT_SHOWN = { balance: null, totals: null };

function viewOf(known: Capacity, { upstream, bound, balance, totals }: Beside): CapacityView {
  const { workers, places } = known;
  return {
    upstream,
    limits: {
      requests_per_minute: known.maxPerMinute,
      in_flight: known.maxInFlight,
      in_flight_now: known.slots,
    },
    in_use: { in_flight: known.inFlight, last_minute: known.sentLastMinute },
    paused: waitOf(known),
    latency_ms: known.latencyMs,
    calls_per_second: Number(callsPerSecond(known).toFixed(3)),
    bound_by: bound?.by ?? null,
    bound_detail: bound?.detail ?? null,
    workers: { live: workers, places, useful_max: usefulWorkers(known), list: totals && [...totals.workers.each] },
    jobs_waiting: known.jobs,
    queues: totals && queuesOf(totals),
    balance_usd: balance === null ? null : usdOf(balance),
  };
}

function queuesOf({ jobs, calls, events, pendingDeliveries }: Totals): CapacityView['queues'] {
  return { jobs, calls, events, deliveries: pendingDeliveries };
}

/** If there is an outage, which pauses the account's jobs, it is shown instead of a wait of the account's requests. */
function waitOf({ wait, outage }: Capacity): CapacityView['paused'] {
  if (outage !== null) return { until: isoTime(outage.probeAt), reason: outage.reason };
  return wait === null ? null : { until: isoTime(wait.untilMs), reason: wait.why };
}
