import { randomUUID } from 'node:crypto';
import { type Backend, StorageAway } from '@linkhaul/storage';
import type { Access } from './access.js';

/** The installation after `adopt`. */
interface Adoption {
  readonly id: string;
  /** The id that Redis had before. Null if it had none. */
  readonly was: string | null;
  /** True if storage had no marker before. */
  readonly marked: boolean;
}

/**
 * Makes sure that Redis and storage belong to one installation: both know its id, so that neither is used with
 * another's partner, or without one.
 */
export interface Installation {
  /**
   * Connects Redis and storage. If neither has an id, as at the very first start, both get one. Rejects with
   * `StorageAway` if only storage has one: then Redis has lost its data.
   */
  settle(): Promise<void>;
  /** The same, but asks Redis at most once a second, and at once after its connection broke. */
  confirmed(): Promise<void>;
  /** Rejects if Redis and storage do not belong together, or storage takes no writes. */
  check(): Promise<void>;
  /** Makes the present storage part of this installation, because an operator says so. */
  adopt(): Promise<Adoption>;
}

const FRESH_MS = 1_000;

export function createInstallation({ redis, keys }: Access, storage: Backend): Installation {
  const known = () => redis.hget(keys.installation, 'id');
  let last: { at: number; settling: Promise<void> } | null = null;
  redis.on('close', () => {
    last = null;
  });

  const settle = async (): Promise<void> => {
    const id = (await known()) ?? (await firstStart());
    storage.serve(id);
    if (id === null) throw new StorageAway(await redisLost());
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
    const marker = await storage.owner();
    return `Redis does not know this installation, whose storage has the marker ${marker}: nothing is served before \`linkhaul storage adopt\` says that this is meant. Jobs that Redis has lost stay lost`;
  };

  const confirmed = (): Promise<void> => {
    const now = performance.now();
    if (last !== null && now - last.at < FRESH_MS) return last.settling;
    const asked = { at: now, settling: settle() };
    last = asked;
    // After a failure the next request asks again.
    asked.settling.catch(() => {
      if (last === asked) last = null;
    });
    return asked.settling;
  };

  return {
    settle,
    confirmed,
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
      await redis.hset(keys.installation, { id });
      last = null;
      await settle();
      return { id, was, marked: owner === null };
    },
  };
}
