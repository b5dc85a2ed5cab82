import { setTimeout as sleep } from 'node:timers/promises';
import type { Job } from '@linkhaul/schemas';
import type { Case } from './case.js';
import type { UpstreamRecord } from './witness.js';
import { openWorld, type World } from './world.js';

/** What one run of a case has found. Money is in nano-dollars. */
export interface Finding {
  /** Rows without an answer. */
  readonly lost: number;
  /** Calls that were paid for twice. */
  readonly doubled: number;
  /** Jobs whose end was never delivered to their webhook. */
  readonly undelivered: number;
  /** Upstream answers that report an exceeded limit. */
  readonly limitAnswers: number;
  /** The cost that the jobs report, less what the upstream charged. */
  readonly ledgerMinusRecord: number;
  /** From the end of the disturbance to the next call. Null if no call was left. */
  readonly backMs: number | null;
  readonly peakMiB: number;
  /** What is wrong; empty if nothing is. */
  readonly faults: readonly string[];
}

/** How many calls must reach the upstream before the disturbance. */
const CALLS_BEFORE = 20;
const TOO_FAST = new Set([40202, 40209]);
const NANOS = 1e9;
const LEDGER_WITHIN_MS = 60_000;
/** A failed delivery is repeated after five seconds, and then after five minutes. */
const DELIVERED_WITHIN_MS = 60_000;

/** A list job with a call for each target, and a bulk job beside it. */
const LIST = { endpoint: 'referring_domains' as const, max_items_per_target: 2000 };
const LIST_TARGETS = 150;
const BULK = { endpoint: 'bulk_backlinks' as const };
const BULK_TARGETS = 20_000;

export async function runCase(one: Case, place: { given: NodeJS.ProcessEnv; graph: string }): Promise<Finding> {
  const world = await openWorld(one, place);
  try {
    await world.redis.mark();
    const webhook = { url: world.receiver.url };
    const ids = [
      (await world.client.submit({ ...LIST, webhook }, domains(LIST_TARGETS))).id,
      (await world.client.submit({ ...BULK, webhook }, domains(BULK_TARGETS))).id,
    ];
    await world.upstream.seen(CALLS_BEFORE);
    await one.disturb(world);
    const wholeAgainAt = Date.now();
    const jobs = await Promise.all(ids.map((id) => world.client.waitFor(id)));
    return await judge(one, { world, jobs, wholeAgainAt });
  } finally {
    await world.stop();
  }
}

interface Outcome {
  readonly world: World;
  readonly jobs: readonly Job[];
  readonly wholeAgainAt: number;
}

async function judge(one: Case, { world, jobs, wholeAgainAt }: Outcome): Promise<Finding> {
  const ids = jobs.map(({ id }) => id);
  const ledgerMinusRecord = await atRest(() => differenceOf(world, ids));
  const heard = await Promise.all(ids.map((id) => world.receiver.heardOf(id, DELIVERED_WITHIN_MS)));
  const record = await world.upstream.record();
  const finding = {
    lost: jobs.reduce((sum, { rows }) => sum + rows.total - rows.ok - rows.empty, 0),
    doubled: paidTwice(record),
    undelivered: heard.filter((isHeard) => !isHeard).length,
    limitAnswers: record.requests.filter(({ status_code: code }) => code !== null && TOO_FAST.has(code)).length,
    ledgerMinusRecord,
    backMs: nextCallAfter(record, wholeAgainAt),
    peakMiB: await world.peakMemory(),
  };
  return { ...finding, faults: faultsOf(finding, one) };
}

function faultsOf(finding: Omit<Finding, 'faults'>, { boughtAgain = 0 }: Case): string[] {
  const { lost, doubled, undelivered, limitAnswers, ledgerMinusRecord } = finding;
  return [
    ...(lost === 0 ? [] : [`${lost} rows lost`]),
    ...(doubled <= boughtAgain ? [] : [`${doubled} calls bought twice, at most ${boughtAgain} may be`]),
    ...(undelivered === 0 ? [] : [`${undelivered} ends of jobs were not delivered`]),
    ...(limitAnswers === 0 ? [] : [`${limitAnswers} limit answers`]),
    ...(ledgerMinusRecord === 0 ? [] : [`ledger - record = ${ledgerMinusRecord} nano-dollars`]),
  ];
}

/** Zero as soon as the difference is zero, else its last value. Calls in flight are counted only after a search of the record. */
async function atRest(difference: () => Promise<number>): Promise<number> {
  const end = performance.now() + LEDGER_WITHIN_MS;
  for (;;) {
    const now = await difference();
    if (now === 0 || performance.now() > end) return now;
    await sleep(200);
  }
}

async function differenceOf({ client, upstream }: World, ids: readonly string[]): Promise<number> {
  const jobs = await Promise.all(ids.map((id) => client.job(id)));
  const spent = jobs.reduce((sum, { cost }) => sum + Math.round(cost.spent_usd * NANOS), 0);
  return spent - Math.round((await upstream.record()).totals.cost_usd * NANOS);
}

/** How many calls have more than one request that was charged. */
function paidTwice({ requests }: UpstreamRecord): number {
  const paid = new Map<string, number>();
  for (const { tag, cost_usd: cost } of requests) {
    const call = tag?.split('.').slice(0, 2).join('.');
    if (call !== undefined && cost > 0) paid.set(call, (paid.get(call) ?? 0) + 1);
  }
  return [...paid.values()].filter((times) => times > 1).length;
}

function nextCallAfter({ requests }: UpstreamRecord, time: number): number | null {
  const later = requests.filter(({ tag }) => tag !== null).map(({ at }) => Date.parse(at) - time);
  const waits = later.filter((wait) => wait >= 0);
  return waits.length === 0 ? null : Math.min(...waits);
}

function domains(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `site-${at + 1}.com`);
}
