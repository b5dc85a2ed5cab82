import { randomUUID } from 'node:crypto';
import { type Backend, beginEra, StorageAway } from '@linkhaul/storage';
import type { CatchUp } from '../snapshot/catch-up.js';
import { createRecovery, type RecoveryState } from '../snapshot/recovery.js';
import type { RecoveryClaim } from '../snapshot/recovery-claim.js';
import type { Access } from './access.js';
import { watchRunId } from './run-id.js';

/** The installation after `adopt`. */
interface Adoption {
  readonly id: string;
  /** The id that Redis had before. Null if it had none. */
  readonly was: string | null;
  /** True if storage had no marker before. */
  readonly marked: boolean;
}

/**
 * Makes sure that Redis and storage belong to one installation: both hold its id, so that neither is used with the
 * Redis or the storage of another installation.
 */
export interface Installation {
  /**
   * Connects Redis and storage. If neither has an id, as at the very first start, both get one. Rejects with
   * `StorageAway` if only storage has one: then Redis has lost its data, and an operator must decide how to go on.
   * Meanwhile this process can still store the answers that it holds, so that none that was paid for is lost. After each
   * restart of Redis it restores what storage has newer, and rejects with `StorageAway` if that fails.
   */
  settle(): Promise<void>;
  /** Like `settle`, but asks Redis at most once a second, and at once after its connection broke. */
  confirmed(): Promise<void>;
  /** Rejects if Redis and storage do not belong together, or storage takes no writes. */
  check(): Promise<void>;
  /**
   * Makes the present storage part of this installation, on an operator's word. If Redis has lost its data, this starts
   * over, without the jobs that are in storage.
   */
  adopt(): Promise<Adoption>;
  /** The id that Redis had when it was last asked. Rejects like `confirmed`. */
  id(): Promise<string>;
  /** Whether Redis knows the installation, so that it has lost nothing. */
  isKnown(): Promise<boolean>;
  /** Opens storage to a recovery, although Redis does not know the installation yet. */
  serveRecovery(): Promise<void>;
  /** Ends a recovery: Redis again has everything that storage has. */
  recovered(claim: RecoveryClaim): Promise<void>;
}

const FRESH_MS = 1_000;

export function createInstallation(access: Access, storage: Backend, catchUp: CatchUp): Installation {
  const { redis, keys } = access;
  const known = () => redis.hget(keys.installation, 'id');
  const recovery = createRecovery(access);
  const runId = watchRunId(redis);
  const becomeCurrent = keptCurrent({ access, runId, catchUp });
  let served: string | null = null;

  const settle = async (): Promise<void> => {
    const id = (await known()) ?? (await firstStart());
    if (id === null) throw new StorageAway(await redisLost());
    served = id;
    storage.serve(id);
    await becomeCurrent();
  };

  /**
   * Null if only storage has an id. The new id is proposed in Redis before the marker is written, and confirmed after
   * it: if a process dies in between, the next one goes on.
   */
  const firstStart = async (): Promise<string | null> => {
    const proposed = () => redis.hget(keys.installation, 'proposed');
    let owner = await storage.owner();
    if (owner === null) {
      await redis.hsetnx(keys.installation, 'proposed', randomUUID());
      owner = await storage.claim((await proposed()) ?? '');
    }
    if (owner === (await proposed())) await redis.hsetnx(keys.installation, 'id', owner);
    return known();
  };

  const redisLost = async (): Promise<string> => {
    const [owner, going] = await Promise.all([storage.owner(), recovery.read()]);
    const isGoing = going !== null && going.state !== 'done';
    storage.serve(isGoing || owner === served ? owner : null);
    return isGoing ? wordsOfRecovery(going) : wordsOfLoss(owner);
  };

  const fresh = keptFresh(settle);
  redis.on('close', fresh.forget);

  return {
    settle,
    confirmed: fresh.get,
    async check() {
      // A Redis that is away says nothing about storage.
      await settle().catch((error: unknown) => {
        if (error instanceof StorageAway) throw error;
      });
      await storage.check();
    },
    async adopt() {
      const was = await known();
      const owner = await storage.owner();
      const id = owner ?? (await storage.claim(was ?? randomUUID()));
      if (was === null) {
        const era = randomUUID();
        storage.serve(id);
        await beginEra(storage, era);
        await redis.hset(keys.installation, { era, current: await runId() });
      }
      await redis.hset(keys.installation, { id });
      fresh.forget();
      await settle();
      return { id, was, marked: owner === null };
    },
    async id() {
      await fresh.get();
      return served ?? '';
    },
    isKnown: async () => (await known()) !== null,
    async serveRecovery() {
      storage.serve(await storage.owner());
    },
    async recovered(claim) {
      await claim.end((await storage.owner()) ?? '');
      fresh.forget();
    },
  };
}

/** Repeats a step at most once a second, and at once after a failure or when told to forget. */
function keptFresh(step: () => Promise<void>) {
  let last: { at: number; result: Promise<void> } | null = null;
  return {
    get(): Promise<void> {
      const now = performance.now();
      if (last !== null && now - last.at < FRESH_MS) return last.result;
      const current = { at: now, result: step() };
      last = current;
      current.result.catch(() => {
        if (last === current) last = null;
      });
      return current.result;
    },
    forget() {
      last = null;
    },
  };
}

interface CurrentOptions {
  readonly access: Access;
  readonly runId: () => Promise<string>;
  readonly catchUp: CatchUp;
}

/** Lets a server that has just started catch up with storage, once. Concurrent calls share one catch-up. */
function keptCurrent({ access: { redis, keys }, runId, catchUp }: CurrentOptions): () => Promise<void> {
  let going: Promise<void> | null = null;
  const becomeCurrent = async () => {
    const server = await runId();
    if ((await redis.hget(keys.installation, 'current')) === server) return;
    try {
      await catchUp(server);
    } catch (cause) {
      throw new StorageAway(wordsOfCatchUp(cause), { cause });
    }
    await redis.hset(keys.installation, { current: server });
  };
  return () => {
    going ??= becomeCurrent().finally(() => {
      going = null;
    });
    return going;
  };
}

function wordsOfRecovery({ done, jobs }: RecoveryState): string {
  const progress = jobs === null ? 'storage is being read' : `${done} of ${jobs}`;
  return `jobs are being brought back from storage (${progress}): nothing else is served before that is done`;
}

function wordsOfCatchUp(cause: unknown): string {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return `Redis may have lost its last writes, and what storage has of them could not be restored yet: ${reason}`;
}

function wordsOfLoss(owner: string | null): string {
  return `Redis does not know this installation, whose storage has the marker ${owner}: nothing is served before \`linkhaul recover\` has brought its jobs back from storage, or \`linkhaul storage adopt --empty\` has started over without them`;
}
