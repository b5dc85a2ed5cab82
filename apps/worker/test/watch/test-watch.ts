import { type KeptRun, newListId, type WatchDoc, type WatchRecord } from '@linkhaul/jobs';
import { type JobRef, writePlan, writeRows } from '@linkhaul/storage';
import { finishRun } from '../../src/watch/finish-run.js';
import { runWatches } from '../../src/watch/run-watches.js';
import type { WatchServices } from '../../src/watch/watch-services.js';
import { openTestWorker, type TestWorker } from '../test-worker.js';

export const WATCH = { tenant: 'tenant', name: 'weekly' };

export interface TestWatch {
  readonly worker: TestWorker;
  /** Makes the watch or changes it, with a list of these targets. */
  put(targets: readonly string[], changes?: Partial<WatchDoc>): Promise<void>;
  get(): Promise<WatchRecord>;
  /** Its next tick was due this long ago. Returns when. */
  makeDue(msAgo: number): Promise<number>;
  /** One round, and the comparison that it asks for. */
  round(): Promise<void>;
  /** The job of the open run. */
  openJob(): Promise<JobRef>;
  /** Ends a job with results, as the stages of a worker would. */
  complete(job: JobRef): Promise<void>;
  runs(): Promise<KeptRun[]>;
  /** The ids of its jobs, the oldest first. */
  jobs(): Promise<string[]>;
}

export async function openTestWatch(): Promise<TestWatch> {
  const worker = await openTestWorker();
  const { redis, keys } = worker;
  const services: WatchServices = { ...worker.services, upstream: { host: 'upstream.test' } };
  const { watches, storage, uploads, jobSteps, ledger, store } = services as typeof services & TestWorker['services'];
  const get = async () => {
    const watch = await watches.get(WATCH);
    if (watch === null) throw new Error('there is no watch');
    return watch;
  };
  return {
    worker,
    get,
    async put(targets, changes = {}) {
      const list = { tenant: WATCH.tenant, id: newListId(Date.now()) };
      await uploads.begin(list);
      const before = await watches.get(WATCH);
      const doc = { ...docOf(before?.doc), ...changes, list: await storeList(storage, list, targets) };
      const done = await watches.put({ ...WATCH, doc, version: before?.version ?? 0, list, installation: null });
      if (done !== 'done') throw new Error(done);
    },
    async makeDue(msAgo) {
      const at = Date.now() - msAgo;
      await redis.hset(keys.watchState(WATCH.tenant, WATCH.name), 'next_at', at);
      await redis.zadd(keys.watchTicks, String(at), `${WATCH.tenant}/${WATCH.name}`);
      return at;
    },
    async round() {
      await runWatches(services);
      await finishRun(WATCH, services);
    },
    async openJob() {
      const { open } = await get();
      if (open?.job == null) throw new Error('no run is open');
      return { tenant: WATCH.tenant, id: open.job };
    },
    async complete(job) {
      await jobSteps.act(job, { action: 'plan', by: 'system' });
      const calls = [[{ target: 'a.com', kind: 'domain', rows: [{ line: 1, input: 'a.com', id: null }] } as const]];
      await jobSteps.planned(job, {
        roots: await writePlan(storage, job, { calls, callsPerPart: 1 }),
        callsPerPart: 1,
        manual: false,
      });
      // Storage was asked, where two workers have made the job.
      await redis.hset(keys.job(job), 'epoch', (await redis.get(keys.epoch)) ?? '');
      const [sent] = await worker.send(job);
      if (sent === undefined) throw new Error('nothing was sent');
      const { sentAt } = sent;
      const rows = { ok: 1, empty: 0, failed: 0, failedCode: 'upstream_rejected', items: 1 } as const;
      const rest = { cost: 7, sentAt, followers: [], simulated: true, keepUnconfirmed: false };
      await ledger.settle(sent, { verdict: 'stored', ...rows, ...rest });
      await jobSteps.finish(job);
      await store.retire(job);
    },
    runs: () => watches.runs(WATCH, { from: 0, limit: 100 }),
    jobs: () => redis.zrange(keys.jobs(WATCH.tenant), '0', '-1'),
  };
}

function docOf(before: WatchDoc | undefined): Omit<WatchDoc, 'list'> {
  const now = Date.now();
  return {
    v: 1,
    id: before?.id ?? `watch_${now}`,
    createdAt: now,
    changedAt: now,
    schedule: { every: '7d' },
    tag: 'ours',
    maxCost: null,
    budget: null,
    alert: [],
    webhook: null,
    retentionDays: 30,
    endpoint: 'bulk_backlinks',
    params: {},
    metadata: {},
    max_items_per_target: 1000,
    on_budget: 'pause',
    on_invalid: 'skip',
    target_as: 'given',
    keep_www: false,
  };
}

async function storeList(
  storage: WatchServices['storage'],
  list: JobRef,
  targets: readonly string[],
): Promise<WatchDoc['list']> {
  const writer = writeRows(storage, list);
  targets.forEach((target, at) => {
    writer.valid(
      { line: at + 1, input: target, id: null, target, kind: 'domain', duplicateOf: null },
      { domain: -1, alike: 0 },
    );
  });
  const parts = await writer.finish();
  const counts = { valid: targets.length, invalid: 0, duplicates: 0, mostWithOneKey: 1, estimated: 0 };
  return { id: list.id, ...counts, ...parts };
}
