import { createDispatcher, createPermits, type JobRecord, refOf } from '@linkhaul/jobs';
import { endpointOf } from '@linkhaul/schemas';
import {
  type AnswerOutcome,
  CALLS_PER_PART,
  followersOf,
  type JobRef,
  type PlannedTarget,
  type PlanShape,
  partOf,
  readPlanPart,
  readRows,
  rootOf,
  storeAnswer,
  targetsOf,
  writePlan,
} from '@linkhaul/storage';
import type { Service } from './service.js';

const PLACES = 500;
const MONEY = { mostItems: 1, leastItems: 1, prices: { call: 0, item: 0 }, tenantDaily: null };
const LIMITS = { maxPerMinute: 10_000_000, maxInFlight: PLACES, leaseMs: 60_000 };

export interface Settling {
  readonly outcome: AnswerOutcome;
  readonly items?: readonly Record<string, unknown>[];
}

/**
 * What workers do to a job, step by step and in any order: the same scripts and the same storage, without an upstream.
 */
export async function createWorker(service: Service, job: JobRef) {
  const { services, redis, subscriber, keys, run } = service;
  const { storage, ledger, store, queues, calls } = services;
  const dispatcher = createDispatcher({ redis, run, keys, queues, worker: 'w', maxInFlight: PLACES });
  const permits = createPermits({ redis, subscriber, run, keys, account: 'a', worker: 'w', limits: LIMITS });
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
    /** Writes a plan with so many targets a call. */
    async plan(targetsPerCall = 1): Promise<void> {
      await ledger.act(job, { action: 'plan', by: 'system' });
      const record = await store.get(job);
      if (record === null || record.status === 'cancelled') return;
      const { kind } = endpointOf(record.description.endpoint);
      const targets = await distinctTargets(service, record);
      const groups: PlannedTarget[][] = [];
      for (let at = 0; at < targets.length; at += targetsPerCall) groups.push(targets.slice(at, at + targetsPerCall));
      const callsPerPart = CALLS_PER_PART[kind];
      const roots = await writePlan(storage, job, { calls: groups, callsPerPart });
      await ledger.planned(job, { roots, callsPerPart, manual: false });
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
        const dispatch = await redis.hget(keys.call({ job, call }), 'dispatch');
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
    act: (action: 'cancel' | 'pause' | 'resume') => ledger.act(job, { action, by: 'test' }),
    finish: () => ledger.finish(job),
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
