import { createHash } from 'node:crypto';
import {
  type AccountEventName,
  accountEventName,
  type JobEventName,
  jobEventName,
  type ListedEvent,
  type WatchEventOf,
  type WebhookEvent,
  watchEventName,
} from '@linkhaul/schemas';
import type { JobRef } from '@linkhaul/storage';
import { z } from 'zod';
import { type JobRecord, parseJobRecord } from '../job/records.js';
import { isoTime, jobView } from '../job/view.js';
import type { Access } from '../redis/access.js';
import { redisNow } from '../redis/time.js';
import { slackMessage } from '../watch/slack-message.js';
import { type WatchTarget, watchTarget } from '../watch/watch-doc.js';
import { type WatchEventData, watchEventData, watchEventView } from '../watch/watch-event.js';

/** Where an event is: its tenant, and its place in the tenant's stream, `<ms>-<number>`. */
export interface EventPlace {
  readonly tenant: string;
  readonly place: string;
}

interface NamedEvent extends EventPlace {
  /** Never changes; unique over all tenants. */
  readonly id: string;
}

/** What happened to a job, with the job as it was then, to the account or to a watch. */
export type StoredEvent =
  | (NamedEvent & { readonly type: JobEventName; readonly job: JobRecord })
  | (NamedEvent & {
      readonly type: AccountEventName;
      readonly account: { readonly host: string; readonly reason: string };
    })
  | (NamedEvent & {
      readonly type: WatchEventOf;
      readonly watch: string;
      readonly data: WatchEventData;
      /** Where it goes. Null: to the tenant's default webhook. */
      readonly target: WatchTarget | null;
    });

/** What happened, as noted by the scripts of the transitions: in order, and kept as long as the jobs of that time. */
export interface Events {
  /** Null if its job is gone. */
  get(at: EventPlace): Promise<StoredEvent | null>;
  /** A tenant's events after a place, the oldest first. `next`: where the next page begins, null at the end. */
  list(
    tenant: string,
    page: { after: string | null; limit: number },
  ): Promise<{ events: StoredEvent[]; next: string | null }>;
  /** Events whose deliveries are still to be made, the oldest first, a few at a time. */
  outbox(): Promise<EventPlace[]>;
  isInOutbox(at: EventPlace): Promise<boolean>;
  leaveOutbox(at: EventPlace): Promise<void>;
  /** Moves an event that failed behind the others. */
  goLast(at: EventPlace): Promise<void>;
}

const OUTBOX_AT_ONCE = 100;

const ofJob = z.object({
  type: jobEventName,
  job: z.string(),
  lines: z.coerce.number(),
  state: z.string().transform((text) => z.record(z.string(), z.string()).parse(JSON.parse(text))),
});
const ofAccount = z.object({ type: accountEventName, host: z.string(), reason: z.string() });
const jsonText = z.string().transform((text): unknown => JSON.parse(text));
const ofWatch = z.object({
  type: watchEventName,
  watch: z.string(),
  data: jsonText.pipe(watchEventData),
  target: jsonText.pipe(watchTarget.nullable()),
});
const entryForm = z.union([ofJob, ofAccount, ofWatch]);

type Entry = readonly [place: string, fields: string[]];

export function createEvents({ redis, keys }: Access): Events {
  /** What an event leaves out of its job: what never changes, and the history. */
  const lastingOf = async (job: JobRef) => {
    const [doc, endpoint, tag, upstream_host, retention_days, on_budget] = await redis.hmget(
      keys.job(job),
      'doc',
      'endpoint',
      'tag',
      'upstream_host',
      'retention_days',
      'on_budget',
    );
    const fields = { doc, endpoint, tag, upstream_host, retention_days, on_budget };
    const known = Object.entries(fields).flatMap(([name, value]) => (value == null ? [] : [[name, value] as const]));
    return { fields: Object.fromEntries(known), history: await redis.lrange(keys.history(job), 0, -1) };
  };

  /** Reads each job once for all its events of a page. */
  const reader = (tenant: string) => {
    const seen = new Map<string, ReturnType<typeof lastingOf>>();
    return async ([place, fields]: Entry): Promise<StoredEvent | null> => {
      const entry = entryForm.parse(pairs(fields));
      const named = { tenant, place, id: idOf({ tenant, place }, subjectOf(entry)) };
      if ('watch' in entry) {
        const { type, watch, data, target } = entry;
        return { ...named, type, watch, data, target };
      }
      if (!('job' in entry)) {
        return { ...named, type: entry.type, account: { host: entry.host, reason: entry.reason } };
      }
      const ref = { tenant, id: entry.job };
      const lasting = seen.get(entry.job) ?? lastingOf(ref);
      seen.set(entry.job, lasting);
      const { fields: ofJob, history } = await lasting;
      const job = parseJobRecord(ref, { ...entry.state, ...ofJob }, history.slice(0, entry.lines));
      return job === null ? null : { ...named, type: entry.type, job };
    };
  };

  return {
    async get({ tenant, place }) {
      const [entry] = await redis.xrange(keys.events(tenant), place, place);
      return entry === undefined ? null : reader(tenant)(entry);
    },
    async list(tenant, { after, limit }) {
      const entries = await redis.xrange(keys.events(tenant), after === null ? '-' : `(${after}`, '+', 'COUNT', limit);
      const events = (await Promise.all(entries.map(reader(tenant)))).filter((event) => event !== null);
      const last = entries.at(-1)?.[0];
      // When the list goes on, only the place in this id is read, so its hash needs no job.
      const next = entries.length < limit || last === undefined ? null : idOf({ tenant, place: last }, '');
      return { events, next };
    },
    async outbox() {
      return (await redis.zrange(keys.outbox, '0', String(OUTBOX_AT_ONCE - 1))).map(placeFromName);
    },
    isInOutbox: async (at) => (await redis.zscore(keys.outbox, placeName(at))) !== null,
    async leaveOutbox(at) {
      await redis.zrem(keys.outbox, placeName(at));
    },
    async goLast(at) {
      await redis.zadd(keys.outbox, 'XX', await redisNow(redis), placeName(at));
    },
  };
}

/** What an event is about. */
function subjectOf(entry: z.output<typeof entryForm>): string {
  if ('watch' in entry) return entry.watch;
  return 'job' in entry ? entry.job : entry.host;
}

/** The place in an event's id. Null if the text is no id. */
export function placeOfId(id: string): string | null {
  const [, ms, number] = /^evt_(\d{1,15})_(\d{1,10})_[0-9a-f]{12}$/.exec(id) ?? [];
  return ms === undefined || number === undefined ? null : `${ms}-${number}`;
}

/** The text of an event's delivery, in the form that its target wants: the same at every attempt. */
export function eventBody(event: StoredEvent): string {
  const isForSlack = 'watch' in event && event.target?.format === 'slack';
  return JSON.stringify(
    isForSlack ? slackMessage(event.type, watchEventView(event.watch, event.data)) : eventView(event),
  );
}

/** An event as webhooks send it. */
function eventView(event: StoredEvent): WebhookEvent {
  const { id: _, ...body } = listedEventView(event);
  return body;
}

export function listedEventView(event: StoredEvent): ListedEvent {
  const { id, place } = event;
  const timestamp = isoTime(Number.parseInt(place, 10));
  if ('account' in event) return { id, type: event.type, timestamp, data: { account: event.account } };
  if ('watch' in event) {
    return { id, type: event.type, timestamp, data: watchEventView(event.watch, event.data) };
  }
  const { type, job } = event;
  return { id, type, timestamp, data: { job: { ...jobView(job) }, metadata: job.description.metadata } };
}

function idOf({ tenant, place }: EventPlace, subject: string): string {
  const hash = createHash('sha1').update(`${tenant}/${subject}`).digest('hex').slice(0, 12);
  return `evt_${place.replace('-', '_')}_${hash}`;
}

function placeName({ tenant, place }: EventPlace): string {
  return `${tenant}/${place}`;
}

function placeFromName(name: string): EventPlace {
  const [tenant = '', place = ''] = name.split('/');
  return { tenant, place };
}

function pairs(fields: readonly string[]): Record<string, string> {
  const all: Record<string, string> = {};
  for (let at = 0; at < fields.length; at += 2) all[fields[at] ?? ''] = fields[at + 1] ?? '';
  return all;
}
