import { type Capacity, OUTAGE_REASONS, type Standing, WAIT_REASONS } from '@linkhaul/jobs';
import { type Family, gauge, type Sample } from '@linkhaul/runtime';
import type { Services } from './services.js';

type Sources = Pick<Services, 'env' | 'store' | 'capacities' | 'standings' | 'logger'>;

/** What all processes share, as Redis has it now: any API process tells the same, so that one scraped is enough. */
export async function sharedFamilies({ env, store, capacities, standings, logger }: Sources): Promise<Family[]> {
  const up = (value: number) =>
    gauge({ name: 'linkhaul_redis_up', help: 'Whether Redis answered this scrape.' }, value);
  try {
    const [memory, capacity, standing] = await Promise.all([
      store.memoryShare(),
      capacities.read(env.upstreamHost),
      standings.read(env.upstreamHost),
    ]);
    return [
      up(1),
      ...standingFamilies(standing, memory),
      ...(capacity === null ? [] : accountFamilies(capacity)),
      pausedFamily(standing, capacity),
    ];
  } catch (err) {
    // The process itself can still be looked at, which matters most now.
    logger.warn({ err }, 'metrics without Redis');
    return [up(0)];
  }
}

function standingFamilies(standing: Standing, memory: number): Family[] {
  const { jobs, calls, events, pendingDeliveries, unreadable } = standing;
  const states = Object.entries(calls).map(([state, value]): Sample => ({ labels: { state }, value }));
  return [
    gauge(
      {
        name: 'linkhaul_redis_memory_used_ratio',
        help: 'Of maxmemory; 0 where there is none. Above 0.8 nothing is sent.',
      },
      memory,
    ),
    gauge({ name: 'linkhaul_jobs_open', help: 'Jobs that are not closed.' }, jobs),
    gauge({ name: 'linkhaul_calls', help: 'Calls that are under way, by where they stand.' }, states),
    gauge({ name: 'linkhaul_events_unannounced', help: 'Events that no worker has seen to.' }, events),
    gauge(
      { name: 'linkhaul_deliveries_pending', help: 'Webhook deliveries that are not taken yet.' },
      pendingDeliveries,
    ),
    gauge(
      {
        name: 'linkhaul_unreadable_tenants',
        help: 'Tenants whose last three answers or more of an endpoint could not be read: they have one call open.',
      },
      [...unreadable].map(([endpoint, value]) => ({ labels: { endpoint }, value })),
    ),
  ];
}

function accountFamilies(capacity: Capacity): Family[] {
  const about = (name: string, help: string) => ({ name: `linkhaul_${name}`, help });
  return [
    gauge(about('account_slots_limit', 'Requests that may be in flight at once.'), capacity.maxInFlight),
    gauge(
      about('account_slots', 'The same now: fewer while limits are met, or an outage is tried out.'),
      capacity.slots,
    ),
    gauge(about('account_slots_used', 'Requests in flight, or thought to be.'), capacity.inFlight),
    gauge(about('account_requests_per_minute_limit', 'Requests that may be sent a minute.'), capacity.maxPerMinute),
    gauge(
      about('account_requests_last_minute', 'Requests that were sent in the last minute.'),
      capacity.sentLastMinute,
    ),
    gauge(about('jobs_ready', 'Jobs that have calls to send.'), capacity.jobs),
    gauge(about('workers', 'Workers that live.'), capacity.workers),
    gauge(about('worker_places', 'Calls that all workers take at once.'), capacity.places),
  ];
}

/** A pause of the account's requests, which ends by its time, and one of its jobs, which ends with an outage. */
function pausedFamily({ outage }: Standing, capacity: Capacity | null): Family {
  const now: readonly (string | null | undefined)[] = [outage, capacity?.paused?.why];
  return gauge(
    { name: 'linkhaul_account_paused', help: 'Why the account waits: 1 at each reason that holds.' },
    [...WAIT_REASONS, ...OUTAGE_REASONS].map((reason) => ({ labels: { reason }, value: Number(now.includes(reason)) })),
  );
}
