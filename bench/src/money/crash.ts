import { readFile } from 'node:fs/promises';
import type { Job } from '@linkhaul/schemas';
import { CRASH_POINTS, type CrashPoint, crashPoints, examplePath, type Stack } from '@linkhaul/stack';
import { table } from '../figures.js';
import type { Environment, Say } from '../limits/service.js';
import { type CrashWorld, type Tag, withCrashWorld } from './crash-world.js';

const KILLS = 20;
const PLACES = 6;
const LATENCY_MS = 50;
const WORLDS_AT_ONCE = 2;
/** A worker dies when its n-th attempt passes the point; n is at most this. */
const OCCURRENCES = 10;
/** A job passes the last point only once. While one job waits for its dead worker's message, another job kills the next worker. */
const ROWS_OF_A_SMALL_JOB = 3;

/** The result of killing workers at one point. Money in US dollars. */
export interface CrashFigures {
  readonly point: CrashPoint;
  readonly kills: number;
  readonly calls: number;
  /** Granted sends. A worker that dies before the send never reaches the upstream. */
  readonly attempts: number;
  readonly paid_usd: number;
  readonly record_usd: number;
  readonly wasted_usd: number;
  /** The cost of attempts that are in the record but not in storage. `wasted` must be equal to it. */
  readonly answers_lost_usd: number;
  /** Requests of a call after its first one. */
  readonly sent_again: number;
  /** Those of them whose calls were not between send and storage at a kill. */
  readonly sent_again_outside: number;
  /** Rows of calls that were given up after several deaths. They failed and can be retried. */
  readonly failed_rows: number;
  /** Rows without exactly one outcome. */
  readonly lost_rows: number;
}

/**
 * At each point 20 workers die, one after the other, during a job of 500 calls (at the last point: during 20 small jobs). Then
 * another worker finishes the work. The processes are the built ones, and each point has a service of its own.
 */
export async function crashMatrix(env: Environment, say: Say): Promise<CrashFigures[]> {
  const waiting = [...crashPoints];
  const done = new Map<CrashPoint, CrashFigures>();
  const run = async () => {
    for (let point = waiting.shift(); point !== undefined; point = waiting.shift()) {
      const at = point;
      const options = { env, say, places: PLACES, latencyMs: LATENCY_MS };
      done.set(at, await withCrashWorld(options, (world) => crashAt(at, world)));
      say(`${at}: ${KILLS} kills`);
    }
  };
  await Promise.all(Array.from({ length: WORLDS_AT_ONCE }, run));
  return crashPoints.flatMap((point) => done.get(point) ?? []);
}

/** The table, and what its points mean. */
export function crashTable(rows: readonly CrashFigures[]): string[] {
  const head = ['worker dies', 'kills', 'calls', 'attempts', 'paid $', 'record $', 'wasted $', 'answers lost $'];
  const cells = rows.map((row) => [
    row.point,
    String(row.kills),
    String(row.calls),
    String(row.attempts),
    ...[row.paid_usd, row.record_usd, row.wasted_usd, row.answers_lost_usd].map((usd) => usd.toFixed(6)),
    ...[row.sent_again, row.sent_again_outside, row.failed_rows, row.lost_rows].map(String),
  ]);
  return [
    ...table([[...head, 'sent again', 'of them outside', 'failed rows', 'lost rows'], ...cells]),
    '',
    ...crashPoints.map((point) => `${point}: ${CRASH_POINTS[point]}`),
    'outside: of calls that were not in hand, sent and not stored, when a worker was killed.',
  ];
}

async function crashAt(point: CrashPoint, world: CrashWorld): Promise<CrashFigures> {
  const { stack } = world;
  const ids = await submitFor(point, stack);
  const inHand = new Set<Tag>();
  for (let kill = 0; kill < KILLS; kill++) {
    await stack.crashWorker({ point, occurrence: occurrenceOf(point, kill) });
    const stored = await world.stored();
    for (const tag of (await world.sent()).keys()) if (!stored.has(tag)) inHand.add(tag);
  }
  await stack.startWorker();
  const jobs = await Promise.all(ids.map((id) => stack.client.waitFor(id)));
  return figuresOf({ point, jobs, inHand }, world);
}

/** Returns every number from 1 on, in an order that does not depend on the running calls. */
function occurrenceOf(point: CrashPoint, kill: number): number {
  return point === 'between_settle_and_finish' ? 1 : 1 + ((kill * 7) % OCCURRENCES);
}

async function submitFor(point: CrashPoint, { client }: Stack): Promise<string[]> {
  const targets = (await readFile(examplePath('domains.txt'), 'utf8')).trimEnd().split('\n');
  const lists =
    point === 'between_settle_and_finish'
      ? Array.from({ length: KILLS }, (_, at) => targets.slice(at, at + ROWS_OF_A_SMALL_JOB))
      : [targets];
  const jobs = await Promise.all(lists.map((list) => client.submit({ endpoint: 'domain_pages' }, list)));
  return jobs.map(({ id }) => id);
}

interface Run {
  readonly point: CrashPoint;
  readonly jobs: readonly Job[];
  /** Attempts that were sent but not stored when a worker was killed. */
  readonly inHand: ReadonlySet<Tag>;
}

async function figuresOf({ point, jobs, inHand }: Run, world: CrashWorld): Promise<CrashFigures> {
  const [sent, stored] = [await world.sent(), await world.stored()];
  const replaced = replacedIn([...sent.keys()]);
  const lostRows = await Promise.all(jobs.map((job) => lostRowsOf(job, world.stack)));
  const nanosOf = (usd: number) => Math.round(usd * 1e9);
  return {
    point,
    kills: KILLS,
    calls: sum(jobs.map(({ calls }) => calls.planned)),
    attempts: sum(jobs.map(({ calls }) => calls.attempts)),
    paid_usd: sum(jobs.map(({ cost }) => nanosOf(cost.spent_usd))) / 1e9,
    record_usd: sum([...sent.values()]) / 1e9,
    wasted_usd: sum(jobs.map(({ cost }) => nanosOf(cost.wasted_usd))) / 1e9,
    answers_lost_usd: sum([...sent].map(([tag, nanos]) => (stored.has(tag) ? 0 : nanos))) / 1e9,
    sent_again: replaced.length,
    sent_again_outside: replaced.filter((tag) => !inHand.has(tag)).length,
    failed_rows: sum(jobs.map(({ rows }) => rows.failed)),
    lost_rows: sum(lostRows),
  };
}

/** The attempts that were followed by another attempt of the same call. */
function replacedIn(tags: readonly Tag[]): Tag[] {
  const latest = new Map<string, Tag>();
  return tags.flatMap((tag) => {
    const call = tag.slice(0, tag.lastIndexOf('.'));
    const before = latest.get(call);
    latest.set(call, tag);
    return before === undefined ? [] : [before];
  });
}

async function lostRowsOf(job: Job, { client }: Stack): Promise<number> {
  const outcomes = new Map<number, number>();
  for await (const { line, status } of client.rows(job.id)) {
    if (status !== 'pending') outcomes.set(line, (outcomes.get(line) ?? 0) + 1);
  }
  return job.rows.total - [...outcomes.values()].filter((times) => times === 1).length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
