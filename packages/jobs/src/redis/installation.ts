import { randomUUID } from 'node:crypto';
import { type Backend, StorageAway } from '@linkhaul/storage';
import type { Access } from './access.js';

/** What an installation is after `adopt`. */
interface Adoption {
  readonly id: string;
  /** What Redis knew before; null where it knew none. */
  readonly was: string | null;
  /** Storage had no marker, and has one now. */
  readonly marked: boolean;
}

/** Redis and storage of one installation know one id, so that neither is used beside another's, or beside none. */
export interface Installation {
  /**
   * Has storage serve what Redis knows. Where neither knows an id, as at the very first start, both get one. Rejects with
   * `StorageAway` where only storage has one: then Redis has lost what it knew.
   */
  settle(): Promise<void>;
  /** The same, asked of Redis no more than once a second, and at once after its connection broke. */
  confirmed(): Promise<void>;
  /** Rejects where Redis and storage do not belong together, or storage takes no writes. */
  check(): Promise<void>;
  /** Makes the storage that is there this installation's, because somebody says so. */
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
   * Null where only storage has an id. It is proposed before the marker is written, and known after: if a process dies in
   * between, the next one goes on.
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
    // What failed is asked again by the next request.
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
