import { createCounter, createHistogram, type Family, gauge, type Vitals } from '@linkhaul/runtime';
import { ENDPOINTS, type EndpointName, type Nanos, usdOf } from '@linkhaul/schemas';
import type { Decision } from './classify/classify-reply.js';
import type { Fate } from './look-up/attempt-fate.js';
import type { StorageGate } from './storage-gate/storage-gate.js';

interface EndedCall {
  readonly endpoint: EndpointName;
  readonly action: Decision['action'];
  /** The cost that the answer reported. */
  readonly cost: Nanos;
  readonly seconds: number;
}

/** Rows that were answered from stored answers, and what it would have cost to buy them. */
interface Reuse {
  readonly endpoint: EndpointName;
  readonly rows: number;
  readonly saved: Nanos;
}

/** `late`: a run began more than a minute after it was due. */
type WatchTick = 'opened' | 'late' | 'skipped';

/** The outcome of the run's job. `removed`: the job was removed before its end. `not_stored`: no job could be made. */
type WatchRunOutcome = 'complete' | 'partial' | 'none' | 'removed' | 'not_stored';

type DeliveryOutcome = 'delivered' | 'retried' | 'failed';

/** What this worker has counted since it started. */
export interface WorkerMetrics {
  whileWaiting<T>(grant: () => Promise<T>): Promise<T>;
  whileSending<T>(send: () => Promise<T>): Promise<T>;
  called(call: EndedCall): void;
  givenBack(): void;
  resolved(fate: Fate['kind']): void;
  /** An entry of the upstream's record has no readable tag. */
  nameless(): void;
  posted(outcome: DeliveryOutcome): void;
  reused(copied: Reuse): void;
  /** A tick of a watch was taken. */
  ticked(tick: WatchTick): void;
  /** A run of a watch is over. */
  ranWatch(outcome: WatchRunOutcome): void;
  families(): Family[];
}

const ACTIONS: Readonly<Record<Decision['action'], true>> = {
  ok: true,
  empty: true,
  fail: true,
  unreadable: true,
  stop: true,
  split: true,
  wait: true,
  retry: true,
  slow: true,
  pause: true,
  unsent: true,
  unknown: true,
};

/** Buckets, up to the upstream's own time-out. */
const SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

const endpoints = Object.keys(ENDPOINTS).map((endpoint) => ({ endpoint }));

export function createWorkerMetrics(vitals: Vitals, storageGate: StorageGate): WorkerMetrics {
  const all = createCounters();
  const durations = createHistogram<'endpoint'>(
    { name: 'linkhaul_upstream_call_duration_seconds', help: 'From the send of a call to its answer.' },
    SECONDS,
  );
  const waiting = createTally();
  const sending = createTally();
  return {
    whileWaiting: waiting.during,
    whileSending: sending.during,
    called({ endpoint, action, cost, seconds }) {
      all.calls.add({ endpoint, action });
      all.cost.add({ endpoint }, usdOf(cost));
      if (action !== 'unsent') durations.observe({ endpoint }, seconds);
    },
    givenBack: () => all.givenBack.add({}),
    resolved: (fate) => all.fates.add({ fate }),
    nameless: () => all.nameless.add({}),
    posted: (outcome) => all.deliveries.add({ outcome }),
    reused({ endpoint, rows, saved }) {
      all.reused.add({ endpoint }, rows);
      all.saved.add({ endpoint }, usdOf(saved));
    },
    ticked: (tick) => all.ticks.add({ tick }),
    ranWatch: (outcome) => all.watchRuns.add({ outcome }),
    families: () => [
      ...Object.values(all).map((counter) => counter.family()),
      durations.family(),
      gauge({ name: 'linkhaul_upstream_calls_in_flight', help: 'Calls that wait for their answer.' }, sending.now()),
      gauge({ name: 'linkhaul_permits_waiting', help: 'Calls that wait for a permit.' }, waiting.now()),
      gauge(
        { name: 'linkhaul_sending_held', help: '1 while nothing is sent because answers could not be stored.' },
        Number(storageGate.shutBy() !== null),
      ),
      ...vitals.families(),
    ],
  };
}

function createCounters() {
  const calls = Object.keys(ACTIONS).flatMap((action) => endpoints.map(({ endpoint }) => ({ endpoint, action })));
  return {
    calls: createCounter<'endpoint' | 'action'>(
      { name: 'linkhaul_upstream_calls_total', help: 'Attempts of calls that have ended, by what is done next.' },
      calls,
    ),
    cost: createCounter<'endpoint'>(
      { name: 'linkhaul_upstream_cost_usd_total', help: 'The cost that answers reported.' },
      endpoints,
    ),
    reused: createCounter<'endpoint'>(
      { name: 'linkhaul_reused_rows_total', help: 'Rows that were answered from stored answers.' },
      endpoints,
    ),
    saved: createCounter<'endpoint'>(
      { name: 'linkhaul_reuse_saved_usd_total', help: 'What these rows would have cost, at the present prices.' },
      endpoints,
    ),
    ticks: createCounter<'tick'>(
      { name: 'linkhaul_watch_ticks_total', help: 'Ticks of watches; late: by more than a minute.' },
      (['opened', 'late', 'skipped'] satisfies WatchTick[]).map((tick) => ({ tick })),
    ),
    watchRuns: createCounter<'outcome'>(
      { name: 'linkhaul_watch_runs_total', help: 'Runs of watches that are over, by the outcome of their job.' },
      (['complete', 'partial', 'none', 'removed', 'not_stored'] satisfies WatchRunOutcome[]).map((outcome) => ({
        outcome,
      })),
    ),
    givenBack: createCounter(
      { name: 'linkhaul_permits_given_back_total', help: 'Grants that came too late to be used.' },
      [{}],
    ),
    fates: createCounter<'fate'>(
      { name: 'linkhaul_unknown_calls_resolved_total', help: 'Calls without an answer, by what became of them.' },
      (['lost', 'not_executed', 'blind'] satisfies Fate['kind'][]).map((fate) => ({ fate })),
    ),
    nameless: createCounter(
      {
        name: 'linkhaul_record_entries_nameless_total',
        help: "Entries of the upstream's record whose tag could not be read: they prove no call's absence.",
      },
      [{}],
    ),
    deliveries: createCounter<'outcome'>(
      { name: 'linkhaul_webhook_posts_total', help: 'Attempts to deliver an event; failed: given up.' },
      (['delivered', 'retried', 'failed'] satisfies DeliveryOutcome[]).map((outcome) => ({ outcome })),
    ),
  };
}

/** Counts the steps in progress. */
function createTally() {
  let open = 0;
  return {
    now: () => open,
    async during<T>(step: () => Promise<T>): Promise<T> {
      open++;
      try {
        return await step();
      } finally {
        open--;
      }
    },
  };
}
