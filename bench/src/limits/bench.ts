import { setTimeout as sleep } from 'node:timers/promises';
import { type Cell, idealRate, measureCell } from './cell.js';
import type { Observation, WindowLimit } from './counter.js';
import { CONTENDERS, type Contender } from './others/contenders.js';
import { heading, type Row, row } from './report.js';
import { type Environment, type Say, withService } from './service.js';
import { type CountingUpstream, startUpstream } from './upstream.js';

const IN_FLIGHT = 30;
const PER_MINUTE = 2_000;
const WORKERS = [1, 2, 4];
/** The faster account has the highest rate at which 30 calls in flight can be used fully. */
const ACCOUNTS = [
  { perMinute: PER_MINUTE, latenciesMs: [100, 200, 1_000, 5_000] },
  { perMinute: 10_000, latenciesMs: [200] },
];
const MINUTE_MS = 60_000;
/** In short measurements, windows of this length must not have more requests than the permit allows. */
const SHORT_WINDOW_MS = 5_000;
const SHORT_MS = 7_000;
/** A whole rolling minute and more. */
const LONG_MS = 68_000;
const LONG = [
  { perMinute: 2_000, workers: 2, latencyMs: 100 },
  { perMinute: 10_000, workers: 4, latencyMs: 100 },
];
/** A tenth of the account's minute: the contenders' limits are windows of this length. */
const TENTH = { ms: MINUTE_MS / 10, most: PER_MINUTE / 10 };
const CONTENDERS_WARM_UP_MS = 2_000;
/** Whole windows: no contender can exceed the limit in any of them. */
const CONTENDERS_CELLS = [
  { latencyMs: 100, measureMs: 2 * TENTH.ms },
  { latencyMs: 1_000, measureMs: TENTH.ms },
];

interface Group {
  readonly perMinute: number;
  readonly workers: number;
  readonly latenciesMs: readonly number[];
}

interface Bench {
  readonly env: Environment;
  readonly say: Say;
  readonly upstream: CountingUpstream;
}

/**
 * Measures how fully an account's limits are used, and whether they are ever exceeded. The built processes call an upstream
 * that counts by its own clock and refuses what exceeds its limits. The programs in `others/` then call the same upstream.
 */
export async function benchLimits(env: Environment, say: Say): Promise<void> {
  const upstream = await startUpstream();
  const bench = { env, say, upstream };
  try {
    say(heading('Linkhaul'));
    for (const account of ACCOUNTS) for (const workers of WORKERS) await shortCells({ ...account, workers }, bench);
    for (const long of LONG) await longCell(long, bench);
    say('');
    say(heading(`limits scaled: ${TENTH.most} in ${TENTH.ms / 1000} s`));
    for (const contender of CONTENDERS) await contend(contender, bench);
    for (const note of NOTES) say(note);
  } finally {
    upstream.close();
  }
}

async function shortCells(group: Group, { env, say, upstream }: Bench): Promise<void> {
  const { perMinute, workers, latenciesMs } = group;
  const limits = { inFlight: IN_FLIGHT, windows: [shortWindow(perMinute), { ms: MINUTE_MS, most: perMinute }] };
  const options = { env, say, workers, upstreamUrl: upstream.url, perMinute, inFlight: IN_FLIGHT };
  await withService(options, async (service) => {
    for (const latencyMs of latenciesMs) {
      const cell = { perMinute, limits, latencyMs, workers, measureMs: Math.max(SHORT_MS, 3 * latencyMs) };
      say(cellRow(cell, await measureCell(cell, service, upstream)));
    }
  });
}

async function longCell(long: (typeof LONG)[number], { env, say, upstream }: Bench): Promise<void> {
  const limits = { inFlight: IN_FLIGHT, windows: [{ ms: MINUTE_MS, most: long.perMinute }] };
  const options = { env, say, ...long, upstreamUrl: upstream.url, inFlight: IN_FLIGHT };
  await withService(options, async (service) => {
    const cell = { ...long, limits, measureMs: LONG_MS };
    say(cellRow(cell, await measureCell(cell, service, upstream)));
  });
}

async function contend(contender: Contender, { env, say, upstream }: Bench): Promise<void> {
  for (const { latencyMs, measureMs } of CONTENDERS_CELLS) {
    upstream.behave({ latencyMs, limits: { inFlight: IN_FLIGHT, windows: [TENTH] } });
    const end = await contender.start({
      url: `${upstream.url}/contender`,
      env,
      inFlight: IN_FLIGHT,
      most: TENTH.most,
      windowMs: TENTH.ms,
    });
    try {
      while (upstream.arrivals === 0) await sleep(20);
      await sleep(CONTENDERS_WARM_UP_MS);
      const seen = await upstream.during(measureMs);
      say(row({ ...figures(seen, { perMinute: PER_MINUTE, latencyMs, window: TENTH }), name: contender.name }));
    } finally {
      await end();
    }
  }
}

function cellRow(cell: Cell, { seen, scriptsPerPermit, fairness }: Awaited<ReturnType<typeof measureCell>>): string {
  const { perMinute, latencyMs, workers, limits } = cell;
  const [window = shortWindow(perMinute)] = limits.windows;
  const name = `${perMinute}/min, ${workers} worker${workers === 1 ? '' : 's'}`;
  return row({ ...figures(seen, { perMinute, latencyMs, window }), name, scriptsPerPermit, fairness });
}

function figures(seen: Observation, at: { perMinute: number; latencyMs: number; window: WindowLimit }): Row {
  const { perMinute, latencyMs, window } = at;
  return {
    name: '',
    latencyMs,
    perSecond: seen.perSecond,
    share: seen.perSecond / idealRate({ perMinute, inFlight: IN_FLIGHT }, seen.meanMs),
    worst: seen.worst[0] ?? 0,
    window,
    mostInFlight: seen.mostInFlight,
    inFlight: IN_FLIGHT,
    refused: seen.refused,
    scriptsPerPermit: null,
    fairness: null,
  };
}

/** The most requests that the permit allows in a window of W ms: floor((W + burst + jitter) / T) + 1. */
function shortWindow(perMinute: number): WindowLimit {
  const [burstMs, jitterMs] = [100, 1_000];
  const intervalMs = (MINUTE_MS + burstMs + jitterMs) / (perMinute - 1);
  return { ms: SHORT_WINDOW_MS, most: Math.floor((SHORT_WINDOW_MS + burstMs + jitterMs) / intervalMs) + 1 };
}

const NOTES = [
  '',
  'calls/s: answered calls, each by the share of its run in the measured span. of most: over min(calls a minute / 60, in',
  'flight / mean latency). The fullest window, in flight and limit answers are those of the whole run, warm-up too, by the',
  "upstream's clock; what it refuses counts in them, but not against its limits. scripts: runs of the permit's Lua scripts",
  "for each request, by MONITOR. fairness: Jain's index of calls over the workers. The upstream refuses like the real one,",
  'with 40202 and 40209. All callers wait after such an answer, those other than Linkhaul for 1 s.',
];
