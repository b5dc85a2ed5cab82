import { randomUUID } from 'node:crypto';
import type { S3Objects } from './objects.js';

/** Finds out what the store does and what it allows, by an object that nobody else knows. */
export interface S3Probe {
  /** Whether the store refuses a second write on the condition of being the first. It is asked once. */
  isConditional(): Promise<boolean>;
  /** Rejects where credentials lack a right. Writing costs money at many stores: it is tried once a minute, or in doubt. */
  check(): Promise<void>;
  /** A write has failed. */
  doubt(): void;
}

const TRIED_AGAIN_AFTER_MS = 60_000;
/** Two, as different as can be: an answer to the second cannot be one to the first. */
const FIRST = Buffer.from('first');
const SECOND = Buffer.from('second');

export function s3Probe(objects: S3Objects): S3Probe {
  let last: { at: number; trying: Promise<boolean> } | null = null;
  let known: boolean | null = null;

  const tryOut = async (): Promise<boolean> => {
    const key = `check/${randomUUID()}`;
    // To read it shows whether a missing key is said to be missing, which takes the right to list.
    await objects.get(key);
    try {
      if ((await objects.putNew(key, FIRST)) !== 'unsupported') return (await objects.putNew(key, SECOND)) === 'there';
      await objects.put(key, FIRST);
      return false;
    } finally {
      await objects.remove([key]);
    }
  };
  const tryNow = (): Promise<boolean> => {
    const begun = { at: performance.now(), trying: tryOut() };
    last = begun;
    begun.trying.then(
      (isConditional) => {
        known = isConditional;
      },
      () => {
        if (last === begun) last = null;
      },
    );
    return begun.trying;
  };
  const isStale = () => last === null || performance.now() - last.at >= TRIED_AGAIN_AFTER_MS;
  return {
    isConditional: async () => known ?? (last ?? { trying: tryNow() }).trying,
    async check() {
      const before = last;
      const trying = before === null || isStale() ? tryNow() : before.trying;
      // What went well is tried again while others go on: the next check tells where it does not any more.
      if (before === null || before.trying === trying) await trying;
    },
    doubt() {
      last = null;
    },
  };
}
