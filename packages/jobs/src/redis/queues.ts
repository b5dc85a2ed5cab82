import { FORMAT, NewerFormat, requireFormat } from '@linkhaul/storage';
import { DelayedError, type Processor, Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Keys } from '../keys.js';
import type { Timing } from '../timing.js';
import type { Access } from './access.js';

const jobPointer = z.object({ tenant: z.string(), id: z.string() });
/** Every message says in which format it is. */
const versioned = z.object({ v: z.int().optional() });

/**
 * The queues by name: what a message holds, and how often BullMQ passes it to a processor that throws. Messages are
 * pointers, never data.
 */
const QUEUES = {
  plan: { message: jobPointer, attempts: 20 },
  call: { message: z.object({ job: jobPointer, call: z.int(), attempt: z.int(), dispatch: z.int() }), attempts: 20 },
  finish: { message: jobPointer, attempts: 20 },
  files: { message: jobPointer, attempts: 5 },
  compare: { message: z.object({ tenant: z.string(), name: z.string() }), attempts: 20 },
  recover: { message: z.object({}), attempts: 1000 },
  reconcile: { message: z.object({}), attempts: 1 },
  look_up: { message: z.object({}), attempts: 1 },
  probe: { message: z.object({}), attempts: 1 },
  account: { message: z.object({}), attempts: 1 },
  retention: { message: z.object({}), attempts: 1 },
  snapshots: { message: z.object({}), attempts: 1 },
  watches: { message: z.object({}), attempts: 1 },
} as const;

export type QueueName = keyof typeof QUEUES;
type ScheduledQueue = 'reconcile' | 'look_up' | 'probe' | 'account' | 'retention' | 'snapshots' | 'watches';
/** Queues whose messages are added one by one. */
type AddedQueue = Exclude<QueueName, ScheduledQueue>;
export type Message<N extends QueueName> = z.infer<(typeof QUEUES)[N]['message']>;

/**
 * The id of a message, which makes adding it again harmless while it is in the queue: one for each job, or for each
 * entry of a call into the window. BullMQ allows no colon in it.
 */
const MESSAGE_IDS: { readonly [N in AddedQueue]: (message: Message<N>) => string } = {
  plan: ({ id }) => `plan-${id}`,
  call: ({ job, call, dispatch }) => `call-${job.id}-${call}-${dispatch}`,
  finish: ({ id }) => `finish-${id}`,
  files: ({ id }) => `files-${id}`,
  compare: ({ tenant, name }) => `compare-${tenant}-${name}`,
  recover: () => 'recover',
};

/**
 * How many workers may die with a message in hand: deploys kill workers, and a message that met several such deaths is
 * not to blame.
 */
const MAX_STALLED = 50;
const BACKOFF = { firstMs: 500, capMs: 30_000 };

interface MessagePlace {
  /** `delayed`: its processor has thrown, or it was added for later. */
  readonly state: 'waiting' | 'active' | 'delayed' | 'missing';
  /** How many other messages of the queue wait or are being processed. */
  readonly others: number;
  /** Why it failed last. */
  readonly failure: string | null;
  /** When a delayed message is due, ms since the epoch. */
  readonly dueAt: number | null;
}

/** BullMQ keeps the time of a delayed message in the upper bits of its score. */
const DUE_SCALE = 0x1000;

/** The sending side of the queues. Adding a message that is in the queue already changes nothing. */
export interface Queues {
  add<N extends AddedQueue>(name: N, message: Message<N>, delayMs?: number): Promise<void>;
  addCalls(messages: readonly Message<'call'>[]): Promise<void>;
  has<N extends AddedQueue>(name: N, message: Message<N>): Promise<boolean>;
  /** The state of a message in its queue. */
  place<N extends AddedQueue>(name: N, message: Message<N>): Promise<MessagePlace>;
  /** Adds one message at each interval, however many workers ask for it. */
  schedule(name: ScheduledQueue, everyMs: number): Promise<void>;
  close(): Promise<void>;
}

export function createQueues({ redis: connection, keys }: Access): Queues {
  const open = (name: QueueName) => {
    const queue = new Queue(name, {
      connection,
      prefix: keys.bull,
      skipWaitingForReady: true,
      skipVersionCheck: true,
      streams: { events: { maxLen: 100 } },
      defaultJobOptions: {
        attempts: QUEUES[name].attempts,
        backoff: { type: 'capped' },
        removeOnComplete: true,
        removeOnFail: true,
      },
    });
    queue.on('error', () => undefined);
    return queue;
  };
  const opened = new Map<QueueName, Queue>();
  /** Opened at its first use: an API uses three of them. */
  const queueOf = (name: QueueName) => {
    const queue = opened.get(name) ?? open(name);
    opened.set(name, queue);
    return queue;
  };
  return {
    async add(name, message, delayMs = 0) {
      await queueOf(name).add(name, { v: FORMAT, ...message }, { jobId: MESSAGE_IDS[name](message), delay: delayMs });
    },
    async addCalls(messages) {
      const entries = messages.map((message) => ({
        name: 'call',
        data: { v: FORMAT, ...message },
        opts: { jobId: MESSAGE_IDS.call(message) },
      }));
      await queueOf('call').addBulk(entries);
    },
    has: async (name, message) => (await queueOf(name).getJob(MESSAGE_IDS[name](message))) !== undefined,
    async place(name, message) {
      const queue = queueOf(name);
      const id = MESSAGE_IDS[name](message);
      const [entry, counts, due] = await Promise.all([
        queue.getJob(id),
        queue.getJobCounts('waiting', 'active'),
        connection.zscore(`${keys.bull}:${name}:delayed`, id),
      ]);
      const said = await entry?.getState();
      const state = said === 'waiting' || said === 'active' || said === 'delayed' ? said : 'missing';
      const isCounted = state === 'waiting' || state === 'active';
      const others = (counts.waiting ?? 0) + (counts.active ?? 0) - Number(isCounted);
      return {
        state,
        others: Math.max(0, others),
        failure: entry?.failedReason ?? null,
        dueAt: due === null ? null : Math.floor(Number(due) / DUE_SCALE),
      };
    },
    async schedule(name, everyMs) {
      await queueOf(name).upsertJobScheduler(name, { every: everyMs }, { name, opts: { attempts: 1 } });
    },
    async close() {
      await Promise.all([...opened.values()].map((queue) => queue.close()));
    },
  };
}

interface ConsumerOptions<N extends QueueName> {
  readonly connection: Redis;
  readonly keys: Keys;
  readonly timing: Timing;
  readonly name: N;
  readonly concurrency: number;
  handle(message: Message<N>): Promise<void>;
  onError(error: unknown): void;
  /**
   * Called when only a newer version can handle a message. `message` is set if a newer version wrote it and this one can
   * still read it. True if the message was given back; otherwise it waits in the queue.
   */
  onNewer(error: NewerFormat, message: Message<N> | null): Promise<boolean>;
}

export interface Consumer {
  /** Changes how many messages are taken at once. Those in progress stay. */
  takeAtOnce(messages: number): void;
  /** Takes no more messages, and waits for those in progress. */
  close(): Promise<void>;
}

/** `message`: null if it cannot be read. */
function readMessage<N extends QueueName>(name: N, data: unknown): { format: number; message: Message<N> | null } {
  const read = QUEUES[name].message.safeParse(data);
  const format = versioned.safeParse(data).data?.v ?? 1;
  return { format, message: read.success ? (read.data as Message<N>) : null };
}

/**
 * The receiving side of a queue. A message that cannot be parsed is logged and dropped, because it would never get
 * better. A message that only a newer version can read or carry out waits for such a version: none of its attempts is
 * spent.
 */
export function consume<N extends QueueName>(options: ConsumerOptions<N>): Consumer {
  const { name } = options;
  const processor: Processor = async (job, token) => {
    const { format, message } = readMessage(name, job.data);
    try {
      requireFormat(`a message of the queue ${name}`, format);
      if (message === null) return options.onError(new Error(`${name}: message ${job.id} is malformed`));
      await options.handle(message);
      return null;
    } catch (error) {
      if (!(error instanceof NewerFormat)) throw error;
      if (await options.onNewer(error, format > FORMAT ? message : null)) return null;
    }
    await job.moveToDelayed(Date.now() + options.timing.newerMs, token);
    throw new DelayedError();
  };
  const worker = new Worker(name, processor, {
    connection: options.connection,
    prefix: options.keys.bull,
    concurrency: options.concurrency,
    lockDuration: options.timing.lockMs,
    stalledInterval: options.timing.stalledCheckMs,
    maxStalledCount: MAX_STALLED,
    settings: {
      backoffStrategy: (attempts) => Math.random() * Math.min(BACKOFF.capMs, BACKOFF.firstMs * 2 ** attempts),
    },
  });
  worker.on('error', options.onError);
  worker.on('failed', (_job, error) => options.onError(error));
  return {
    takeAtOnce: (messages) => {
      worker.concurrency = messages;
    },
    close: () => worker.close(),
  };
}
