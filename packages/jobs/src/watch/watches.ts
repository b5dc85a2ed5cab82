import type { Nanos, WatchEventOf, WatchPeriod } from '@linkhaul/schemas';
import type { JobRef } from '@linkhaul/storage';
import { z } from 'zod';
import { jobName } from '../keys.js';
import type { Access } from '../redis/access.js';
import { replyOf } from '../redis/replies.js';
import { redisNow } from '../redis/time.js';
import { script } from '../scripts.js';
import { periodAt } from './periods.js';
import { nextTick } from './schedule.js';
import { type KeptRun, keptRun, type WatchDoc, type WatchTarget, watchDoc } from './watch-doc.js';
import type { WatchEventData } from './watch-event.js';

/** Whose watch: its tenant, and the name that the tenant gave it. */
export interface WatchRef {
  readonly tenant: string;
  readonly name: string;
}

/** A run that is not finished. */
export interface OpenRun {
  /** When it was due, or was asked for. */
  readonly tick: number;
  readonly by: KeptRun['by'];
  /** The version of the watch when the run was opened. */
  readonly version: number;
  /** Null until its job is made. */
  readonly job: string | null;
}

/** A watch as Redis holds it now. */
export interface WatchRecord extends WatchRef {
  readonly doc: WatchDoc;
  readonly version: number;
  readonly status: 'active' | 'paused';
  /** Null while it is paused. */
  readonly nextAt: number | null;
  readonly open: OpenRun | null;
  /** The job that the next run is compared with. */
  readonly good: string | null;
}

interface Change extends WatchRef {
  readonly doc: WatchDoc;
  /** The version that the caller has read; 0: there was no watch. */
  readonly version: number;
  /** A list that was uploaded for it. Null: it keeps the one that it has. */
  readonly list: JobRef | null;
  /** The installation that Redis must know. */
  readonly installation: string | null;
}

interface Finish extends WatchRef {
  readonly run: KeptRun;
  /** Whether the next run is compared with this one. */
  readonly good: boolean;
  /** The events that are made of it. */
  readonly events: readonly { readonly type: WatchEventOf; readonly data: WatchEventData }[];
  readonly target: WatchTarget | null;
}

/** Watches: lists that are run again and again. Each step is atomic. */
export interface Watches {
  get(watch: WatchRef): Promise<WatchRecord | null>;
  /** A tenant's watches, by name. */
  list(
    tenant: string,
    page: { after: string | null; limit: number },
  ): Promise<{ watches: WatchRecord[]; next: string | null }>;
  /** What is spent, unconfirmed and reserved in the present period of a budget. */
  committed(watch: WatchRef, period: WatchPeriod): Promise<Nanos>;
  /** Its finished and skipped runs, the latest first. */
  runs(watch: WatchRef, page: { from: number; limit: number }): Promise<KeptRun[]>;
  put(change: Change): Promise<'done' | 'changed' | 'full' | 'given_up' | 'lost'>;
  steer(watch: WatchRecord, status: 'active' | 'paused'): Promise<'done' | 'same' | 'gone'>;
  /** Cancels the job of its open run too. `last`: nothing of that job is open any more. */
  remove(watch: WatchRef, by: string): Promise<{ result: 'done' | 'gone'; job?: string | undefined; last: boolean }>;
  /** Opens a run now. `unfinished`: another one is not finished. */
  begin(watch: WatchRef): Promise<{ result: 'opened' | 'unfinished' | 'gone'; job?: string | undefined }>;
  /** Watches whose next run is due, the earliest first. */
  due(most: number): Promise<WatchRef[]>;
  /** Takes the tick that is due: opens a run, or skips it while another one is not finished. Missed ticks count once. */
  tick(watch: WatchRecord): Promise<'opened' | 'skipped' | 'moved'>;
  /** Watches with an open run. */
  open(): Promise<WatchRef[]>;
  /** Closes the open run. False if it was closed before. */
  finish(finish: Finish): Promise<boolean>;
}

const MOST_WATCHES = 100;

const putScript = script<{
  tenant: string;
  name: string;
  doc: string;
  endpoint: string;
  tag: string;
  version: number;
  next: number;
  list: string | null;
  budget: string | null;
  most: number;
  installation: string | null;
}>()('watch/put', z.enum(['done', 'changed', 'full', 'given_up', 'lost']));
const steerScript = script<WatchRef & { status: string; next: number }>()(
  'watch/steer',
  z.enum(['done', 'same', 'gone']),
);
const removeScript = script<WatchRef & { by: string }>()(
  'watch/remove',
  replyOf({ result: z.enum(['done', 'gone']), job: z.string().optional(), last: z.boolean().default(false) }),
);
const beginScript = script<WatchRef>()(
  'watch/begin',
  replyOf({ result: z.enum(['opened', 'unfinished', 'gone']), job: z.string().optional() }),
);
const tickScript = script<WatchRef & { tick: number; next: number; target: string }>()(
  'watch/tick',
  z.enum(['opened', 'skipped', 'moved']),
);
const finishScript = script<
  WatchRef & {
    tick: number;
    job: string | null;
    run: string;
    good: boolean;
    events: { type: string; data: string; target: string }[];
  }
>()('watch/finish', z.enum(['done', 'moved']));

const optionalNumber = z.coerce.number().optional();
const state = z.object({
  doc: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(watchDoc),
  version: z.coerce.number(),
  status: z.enum(['active', 'paused']),
  next_at: optionalNumber,
  tick: optionalNumber,
  tick_by: z.enum(['schedule', 'user']).default('schedule'),
  tick_version: z.coerce.number().default(0),
  job: z.string().optional(),
  good: z.string().optional(),
});

/** The next tick of a schedule that has none any more: the latest time that a `Date` can hold. */
const NEVER = 8_640_000_000_000_000;

export function createWatches({ redis, keys, run }: Access): Watches {
  const get = async (watch: WatchRef): Promise<WatchRecord | null> => {
    const fields = await redis.hgetall(keys.watchState(watch.tenant, watch.name));
    return fields.doc === undefined ? null : recordOf(watch, fields);
  };
  const nextOf = async ({ schedule, createdAt }: WatchDoc) =>
    nextTick(schedule, await redisNow(redis), createdAt) ?? NEVER;
  return {
    get,
    async list(tenant, { after, limit }) {
      const from = after === null ? '-' : `(${after}`;
      const names = await redis.zrangebylex(keys.watches(tenant), from, '+', 'LIMIT', 0, limit);
      const found = await Promise.all(names.map((name) => get({ tenant, name })));
      const next = names.length < limit ? null : (names.at(-1) ?? null);
      return { watches: found.filter((watch) => watch !== null), next };
    },
    async committed({ tenant, name }, period) {
      const field = periodAt(period, await redisNow(redis));
      return Number((await redis.hget(keys.watchMoney(tenant, name), field)) ?? 0);
    },
    async runs({ tenant, name }, { from, limit }) {
      const texts = await redis.lrange(keys.watchRuns(tenant, name), from, from + limit - 1);
      return texts.map((text) => keptRun.parse(JSON.parse(text)));
    },
    async put({ doc, list, ...change }) {
      const next = await nextOf(doc);
      const { endpoint, tag, budget: money } = doc;
      const budget = money === null ? null : `${money.nanos},${money.period}`;
      const listName = list === null ? null : jobName(list);
      return run(putScript, {
        ...change,
        ...{ endpoint, tag, next, budget, list: listName, most: MOST_WATCHES },
        doc: JSON.stringify(doc),
      });
    },
    async steer({ tenant, name, doc }, status) {
      return run(steerScript, { tenant, name, status, next: await nextOf(doc) });
    },
    remove: ({ tenant, name }, by) => run(removeScript, { tenant, name, by }),
    begin: ({ tenant, name }) => run(beginScript, { tenant, name }),
    due: async (most) =>
      (await redis.zrangebyscore(keys.watchTicks, '-inf', await redisNow(redis), 'LIMIT', 0, most)).map(watchFromName),
    async tick({ tenant, name, doc, nextAt }) {
      if (nextAt === null) return 'moved';
      return run(tickScript, {
        tenant,
        name,
        tick: nextAt,
        next: await nextOf(doc),
        target: JSON.stringify(doc.webhook),
      });
    },
    open: async () => (await redis.smembers(keys.watchesOpen)).map(watchFromName),
    async finish({ tenant, name, run: kept, good, events: made, target }) {
      const job = kept.job ?? null;
      const events = made.map((event) => ({
        type: event.type,
        data: JSON.stringify(event.data),
        target: JSON.stringify(target),
      }));
      const arg = { tenant, name, tick: kept.at, job, run: JSON.stringify(kept), good, events };
      return (await run(finishScript, arg)) === 'done';
    },
  };
}

function recordOf({ tenant, name }: WatchRef, fields: Readonly<Record<string, string>>): WatchRecord {
  const { doc, version, status, next_at: nextAt = null, good = null, tick, ...run } = state.parse(fields);
  const open = tick === undefined ? null : { tick, by: run.tick_by, version: run.tick_version, job: run.job ?? null };
  return { tenant, name, doc, version, status, nextAt, open, good };
}

/** Names of tenants and watches hold no slash. */
export function watchFromName(ref: string): WatchRef {
  const [tenant = '', name = ''] = ref.split('/');
  return { tenant, name };
}
