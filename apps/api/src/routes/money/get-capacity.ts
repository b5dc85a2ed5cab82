import { type Bound, type Capacity, callsPerSecond, isoTime, usefulWorkers } from '@linkhaul/jobs';
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
    ({ env, capacities, monitor, prices }) =>
    async (c) => {
      const known = await capacities.read(env.upstreamHost);
      const balance = c.get('isAdmin') ? await prices.balance(env.upstreamHost) : null;
      if (known !== null) {
        const bound = await monitor.boundOf(env.upstreamHost);
        return c.json(viewOf(env.upstreamHost, known, { bound, balance }));
      }
      throw new ApiProblem('unavailable', 'No worker has said yet what its account may do: start one, and ask again.', {
        headers: { 'retry-after': '2' },
      });
    },
});

function viewOf(
  host: string,
  known: Capacity,
  { bound, balance }: { bound: Bound | null; balance: Nanos | null },
): CapacityView {
  const { workers, places } = known;
  return {
    upstream: { host },
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
    workers: { live: workers, places, useful_max: usefulWorkers(known) },
    jobs_waiting: known.jobs,
    balance_usd: balance === null ? null : usdOf(balance),
  };
}

/** An outage, which pauses the account's jobs, is shown rather than a wait of its requests. */
function waitOf({ wait, outage }: Capacity): CapacityView['paused'] {
  if (outage !== null) return { until: isoTime(outage.probeAt), reason: outage.reason };
  return wait === null ? null : { until: isoTime(wait.untilMs), reason: wait.why };
}
