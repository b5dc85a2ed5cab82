import { randomUUID } from 'node:crypto';
import type { S3Objects } from './objects.js';

/** Finds out what the store does and allows, with an object that nobody else knows. */
export interface S3Probe {
  /** Whether the store refuses a second write that must be the first. It is tried once. */
  isConditional(): Promise<boolean>;
  /** Rejects if the credentials lack a right. Writes cost money at many stores, so it tries once a minute, or after `doubt`. */
  check(): Promise<void>;
  /** Reports that a write has failed. */
  doubt(): void;
}

const TRIED_AGAIN_AFTER_MS = 60_000;
/** Different in length and content, so that the answer to the second write cannot be one to the first. */
const FIRST = Buffer.from('first');
const SECOND = Buffer.from('second');

export function s3Probe(objects: S3Objects): S3Probe {
  let last: { at: number; trying: Promise<boolean> } | null = null;
  let known: boolean | null = null;

  const tryOut = async (): Promise<boolean> => {
    const key = `check/${randomUUID()}`;
    // Reading it shows whether a missing key is reported as missing, which needs the right to list.
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
      // After a success, a new try runs in the background: if it fails, the next check reports that.
      if (before === null || before.trying === trying) await trying;
    },
    doubt() {
      last = null;
    },
  };
}
