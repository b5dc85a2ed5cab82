import type { Capacity, Standstill, Totals } from '@linkhaul/jobs';
import { type Family, gauge, type Sample } from '@linkhaul/runtime';
import { binding, OUTAGE_REASONS, WAIT_REASONS } from '@linkhaul/schemas';
import type { Services } from './services.js';

type Sources = Pick<Services, 'env' | 'store' | 'capacities' | 'totals' | 'monitor' | 'logger'>;

/** Metrics of the whole installation, read from Redis. Every API process returns the same values, so scraping one is enough. */
export async function sharedFamilies(sources: Sources): Promise<Family[]> {
  const { env, store, capacities, totals, monitor, logger } = sources;
  const up = (value: number) =>
    gauge({ name: 'linkhaul_redis_up', help: 'Whether Redis answered this scrape.' }, value);
  try {
    const [memory, capacity, counted, standstill] = await Promise.all([
      store.memoryShare(),
      capacities.read(env.upstreamHost),
      totals.read(env.upstreamHost),
      monitor.standstill(),
    ]);
    return [
      up(1),
      ...totalFamilies(counted, memory),
      ...troubleFamilies(counted, standstill),
      ...watchFamilies(counted.watches),
      ...(capacity === null ? [] : accountFamilies(capacity)),
      pausedFamily(counted, capacity),
    ];
  } catch (err) {
    // The process's own metrics are still served: they matter most while Redis is down.
    logger.warn({ err }, 'metrics without Redis');
    return [up(0)];
  }
}

function totalFamilies(counted: Totals, memory: number): Family[] {
  const { jobs, calls, events, pendingDeliveries, unreadable } = counted;
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

/** What keeps jobs from making progress, even if no worker has ever run. */
function troubleFamilies({ workers, lookUpsFail, storageIsAway }: Totals, standstill: Standstill): Family[] {
  const still = binding.options.map(
    (by): Sample => ({ labels: { bound_by: by }, value: standstill.jobs.get(by) ?? 0 }),
  );
  return [
    gauge({ name: 'linkhaul_workers', help: 'Workers that live.' }, workers.live),
    gauge({ name: 'linkhaul_worker_places', help: 'Calls that all workers take at once.' }, workers.places),
    gauge(
      { name: 'linkhaul_look_ups_failing', help: '1 while calls wait for the record and its last look-up failed.' },
      Number(lookUpsFail),
    ),
    gauge(
      { name: 'linkhaul_storage_away', help: '1 while a worker cannot store and sends nothing.' },
      Number(storageIsAway),
    ),
    gauge(
      {
        name: 'linkhaul_jobs_standing',
        help: 'Open jobs that have not moved for 5 s, by what keeps them; 200 at most.',
      },
      still,
    ),
    gauge(
      { name: 'linkhaul_jobs_longest_standstill_seconds', help: 'Of queued, planning and running jobs.' },
      standstill.longestMs / 1000,
    ),
  ];
}

function watchFamilies({ openRuns, behind, outOfBudget, overdueMs }: Totals['watches']): Family[] {
  return [
    gauge({ name: 'linkhaul_watch_runs_open', help: 'Runs of watches that are not finished.' }, openRuns),
    gauge({ name: 'linkhaul_watches_behind', help: 'Watches whose last two ticks were skipped.' }, behind),
    gauge(
      { name: 'linkhaul_watches_out_of_budget', help: 'Watches whose budget of this period is used up.' },
      outOfBudget,
    ),
    gauge(
      { name: 'linkhaul_watch_ticks_overdue_seconds', help: 'How long the earliest tick has waited for a worker.' },
      overdueMs / 1000,
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
  ];
}

/** A pause of the account's requests ends at its time; a pause of its jobs ends with the outage. */
function pausedFamily({ outage }: Totals, capacity: Capacity | null): Family {
  const now: readonly (string | null | undefined)[] = [outage, capacity?.wait?.why];
  return gauge(
    { name: 'linkhaul_account_paused', help: 'Why the account waits: 1 at each reason that holds.' },
    [...WAIT_REASONS, ...OUTAGE_REASONS].map((reason) => ({ labels: { reason }, value: Number(now.includes(reason)) })),
  );
}
