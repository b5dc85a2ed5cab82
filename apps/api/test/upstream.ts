import { codesOf, createDispatcher, createPermits, type JobRecord, refOf, type SettledCalls } from '@linkhaul/jobs';
import { readRowStates, START } from '@linkhaul/results';
import {
  callShapeOf,
  endpointOf,
  nanosOf,
  RETRY_CODES,
  type RetryCode,
  type Row,
  row as rowSchema,
} from '@linkhaul/schemas';
import {
  type AnswerOutcome,
  CALLS_PER_PART,
  followersOf,
  type JobRef,
  lastFollower,
  lastRunOf,
  type PlannedTarget,
  type PlanShape,
  partOf,
  readPlanPart,
  readRows,
  rootOf,
  runOf,
  storeAnswer,
  targetsOf,
  writePlan,
} from '@linkhaul/storage';
import { z } from 'zod';
import type { Service } from './service.js';

const PLACES = 500;
const MONEY = { mostItems: 1, leastItems: 1, prices: { call: 0, item: 0 }, tenantDaily: null };
/** No lease ends before its time here, and none may be waited for. */
const LIMITS = { maxPerMinute: 10_000_000, maxInFlight: 100_000, leaseMs: 60_000 };

export interface Settling {
  readonly outcome: AnswerOutcome;
  readonly items?: readonly Record<string, unknown>[];
}

/**
 * What workers do to a job, step by step and in any order: the same scripts and the same storage, without an upstream.
 */
export async function createWorker(service: Service, job: JobRef) {
  const { services, redis, keys } = service;
  const { storage, jobSteps, ledger, store, queues, calls } = services;
  const dispatcher = createDispatcher({ ...service, queues, worker: 'w', maxInFlight: PLACES });
  const permits = createPermits({
    ...service,
    ledger: service.services.ledger,
    account: 'a',
    worker: 'w',
    limits: LIMITS,
  });
  const never = new AbortController().signal;
  // Each worker listens on the one connection of its service.
  redis.setMaxListeners(1000);
  await permits.firstBoot();

  const planned = async (): Promise<PlanShape> => {
    const record = await store.get(job);
    if (record?.plan == null) throw new Error('the job has no plan');
    return record.plan;
  };
  const targetsOfCall = async (call: number): Promise<readonly PlannedTarget[]> => {
    const shape = await planned();
    const part = await readPlanPart(storage, job, partOf(rootOf(call, shape), shape));
    return targetsOf(part, call, shape) ?? [];
  };

  return {
    /** Writes a plan with this number of targets per call; `stored` is how many of its calls are said to be stored, all by default. */
    async plan(targetsPerCall = 1, stored?: number): Promise<void> {
      await jobSteps.act(job, { action: 'plan', by: 'system' });
      const record = await store.get(job);
      if (record === null || record.status === 'cancelled') return;
      const kind = callShapeOf(endpointOf(record.description.endpoint));
      const targets = await distinctTargets(service, record);
      const groups: PlannedTarget[][] = [];
      for (let at = 0; at < targets.length; at += targetsPerCall) groups.push(targets.slice(at, at + targetsPerCall));
      const callsPerPart = CALLS_PER_PART[kind];
      const roots = await writePlan(storage, job, { calls: groups, callsPerPart });
      const manual = record.description.start === 'manual';
      await jobSteps.planned(job, { roots, callsPerPart, manual, ...(stored !== undefined && { stored }) });
    },
    /** Plans a further run as a worker does, by what the rows themselves say. */
    async planAgain(targetsPerCall = 1): Promise<void> {
      const record = await store.get(job);
      if (record?.plan == null || record.retry === null) return;
      await planRun(service, record, targetsPerCall);
    },
    /** Sends every call that may be sent; the numbers of those that are on their way. */
    async send(): Promise<number[]> {
      await dispatcher.announce(PLACES);
      await dispatcher.fill();
      const live = (await redis.smembers(keys.live(job))).map(Number);
      const sending: number[] = [];
      for (const call of live) {
        const state = await calls.live({ job, call });
        if (state === null) continue;
        const dispatch = await redis.hget(keys.call(job, call), 'dispatch');
        const request = { job, call, attempt: 1, rows: await rowsOf(call), money: MONEY, dispatch: Number(dispatch) };
        if (state.state === 'sending' || (await permits.grant(request, never)).granted) sending.push(call);
      }
      return sending.sort((a, b) => a - b);
    },
    /** Stores a call's answer and settles it. */
    async settle(call: number, { outcome, items = [] }: Settling): Promise<void> {
      const header = {
        call,
        attempt: 1,
        failures: 0,
        worker: 'w',
        sentAt: 1,
        answeredAt: 1_800_000_000_000,
        httpStatus: 200,
        statusCode: 20_000,
        taskId: null,
        cost: 24_000_000,
        simulated: true,
        outcome,
      };
      await storeAnswer(storage, job, { header, body: Buffer.from(JSON.stringify(envelopeOf(items))) });
      const shape = await planned();
      const followers = await Promise.all(
        followersOf(header, shape).map(async (follower) => ({ call: follower, rows: await rowsOf(follower) })),
      );
      if (outcome.kind === 'split') {
        await ledger.maySplit({ job, call, attempt: 1 }, { root: rootOf(call, shape), most: 1000 });
      }
      await ledger.settle(
        { job, call, attempt: 1 },
        {
          verdict: outcome.kind === 'failed' || outcome.kind === 'split' ? outcome.kind : 'stored',
          ...countsOf(outcome, await targetsOfCall(call)),
          failedCode: outcome.kind === 'failed' ? outcome.code : 'missing_in_answer',
          items: items.length,
          cost: header.cost,
          sentAt: header.sentAt,
          followers,
          ...(outcome.kind === 'failed' && outcome.parameter && { refusal: outcome.message }),
          simulated: true,
          keepUnconfirmed: false,
        },
      );
    },
    targetsOf: targetsOfCall,
    shape: planned,
    retire: () => store.retire(job),
    act: (action: 'cancel' | 'pause' | 'resume') => jobSteps.act(job, { action, by: 'test' }),
    finish: () => jobSteps.finish(job),
  };

  async function rowsOf(call: number): Promise<number> {
    return (await targetsOfCall(call)).reduce((rows, target) => rows + target.rows.length, 0);
  }
}

function countsOf(outcome: AnswerOutcome, targets: readonly PlannedTarget[]) {
  const rows = targets.reduce((sum, target) => sum + target.rows.length, 0);
  const none = { ok: 0, empty: 0, failed: 0 };
  if (outcome.kind === 'failed') return { ...none, failed: rows };
  if (outcome.kind === 'split' || outcome.kind === 'deferred') return none;
  if (outcome.kind === 'list') return outcome.status === null ? none : { ...none, [outcome.status]: rows };
  const count = (wanted: (at: number) => boolean) =>
    targets.reduce((sum, target, at) => sum + (wanted(outcome.items[at] ?? -2) ? target.rows.length : 0), 0);
  return { ok: count((at) => at >= 0), empty: count((at) => at === -1), failed: count((at) => at === -2) };
}

function envelopeOf(items: readonly Record<string, unknown>[]) {
  return {
    status_code: 20_000,
    status_message: 'Ok.',
    cost: 0.024,
    tasks: [{ id: '1', status_code: 20_000, status_message: 'Ok.', cost: 0.024, result: [{ items }] }],
  };
}

async function distinctTargets({ services }: Service, { description }: JobRecord): Promise<PlannedTarget[]> {
  const targets: PlannedTarget[] = [];
  const at = new Map<number, number>();
  for (let part = 0; part < description.rowParts; part++) {
    for (const { line, input, id, target, kind, duplicateOf } of await readRows(
      services.storage,
      refOf(description),
      part,
    )) {
      const first = targets[at.get(duplicateOf ?? line) ?? -1];
      if (first === undefined) {
        at.set(line, targets.length);
        targets.push({ target, kind, rows: [{ line, input, id }] });
      } else {
        targets[at.get(duplicateOf ?? line) ?? -1] = { ...first, rows: [...first.rows, { line, input, id }] };
      }
    }
  }
  return targets;
}

async function planRun(service: Service, record: JobRecord, targetsPerCall: number): Promise<void> {
  const { storage, jobSteps, calls } = service.services;
  const { plan, run, description } = record;
  if (plan === null) return;
  const job = refOf(description);
  const settled = await calls.settled(job, plan.later);
  const chosen = new Map<number, PlannedTarget>();
  const rows = new Map<RetryCode, number>();
  const retried = Buffer.alloc(1 << 16);
  for await (const { lines } of readRowStates(record, START, service.services)) {
    for (const row of lines.map((line) => rowSchema.parse(line)).filter((line) => isChosen(line, record))) {
      const code = z.enum(RETRY_CODES).parse(row.error?.code);
      rows.set(code, (rows.get(code) ?? 0) + 1);
      const first = row.duplicate_of ?? row.line;
      chosen.set(first, withRow(chosen.get(first), row));
      const decided = decidingCall(row, { settled, plan });
      retried[decided >> 3] = (retried[decided >> 3] ?? 0) | (0x80 >> (decided & 7));
    }
  }
  const targets = [...chosen.values()];
  const groups: PlannedTarget[][] = [];
  for (let at = 0; at < targets.length; at += targetsPerCall) groups.push(targets.slice(at, at + targetsPerCall));
  const callsPerPart = CALLS_PER_PART[plan.kind];
  const roots = await writePlan(storage, job, { calls: groups, callsPerPart, run });
  const last = lastRunOf(plan);
  const base = lastFollower(Math.max(settled.highest, last.base + last.roots), plan);
  await jobSteps.plannedAgain(job, { run, base, roots, callsPerPart, rows, retried, isStored: false });
}

function withRow(known: PlannedTarget | undefined, row: Row): PlannedTarget {
  const own = { line: row.line, input: row.input, id: row.id };
  if (known !== undefined) return { ...known, rows: [...known.rows, own] };
  const before = { items: row.items, cost: nanosOf(row.cost_usd ?? 0) };
  return { target: row.target ?? '', kind: row.target_kind ?? 'domain', rows: [own], before };
}

function isChosen({ error }: Row, { retry }: JobRecord): boolean {
  return retry !== null && error !== null && codesOf(retry).some((code) => code === error.code);
}

/** A skipped row of a list shows its last page; what it waited for is the one behind it. */
function decidingCall({ status, call }: Row, { settled, plan }: { settled: SettledCalls; plan: PlanShape }): number {
  const at = call ?? 0;
  return status === 'skipped' && settled.isSettled(at) ? at + runOf(at, plan).roots : at;
}
