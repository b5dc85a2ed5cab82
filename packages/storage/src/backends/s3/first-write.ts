import { randomUUID } from 'node:crypto';
import type { S3Objects } from './objects.js';

/** Remembers, outside of the store, which writer of a key is the first. */
export interface FirstWriters {
  /** Called before the writer checks whether the key exists. */
  enter(key: string, writer: string): Promise<void>;
  /** The writer whose bytes count: this one, unless another one was named before. */
  first(key: string, writer: string): Promise<string>;
  /** Called after the key exists. With the last writer of a key everything about it is forgotten. */
  leave(key: string, writer: string): Promise<void>;
  close(): Promise<void>;
}

const OF_WRITER = /~[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Whether the key is the private name of one writer, and not an object of ours. */
export function isOfWriter(key: string): boolean {
  return OF_WRITER.test(key);
}

/** Writes of keys that must be the first. */
export interface FirstWrites {
  /** False if another writer was the first. */
  create(key: string, bytes: Uint8Array): Promise<boolean>;
  /** Resolves when nothing is left to be tidied up. */
  tidied(): Promise<void>;
}

/** Names that one request can remove. */
const NAMES_AT_ONCE = 1_000;

interface Left {
  readonly key: string;
  readonly writer: string;
}

/**
 * First write wins in a store that has no conditional writes: each writer writes to a name of its own, one writer is named the
 * first, and every writer that comes to the key writes that one's bytes, so that no late write can change them. A writer that
 * fails or dies in between leaves its name and the record of it, from which the next writer finishes what it began.
 */
export function firstWrites({ get, put, remove }: S3Objects, writers: FirstWriters): FirstWrites {
  const left: Left[] = [];
  let tidying: Promise<void> | null = null;
  const nameOf = ({ key, writer }: Left) => `${key}~${writer}`;
  /** Finishes what the first writer may not have finished. */
  const putOfFirst = async (key: string, first: string): Promise<void> => {
    const bytes = (await get(key)) === null ? await get(nameOf({ key, writer: first })) : null;
    if (bytes !== null) await put(key, bytes);
  };
  /** The key exists by now. If this fails, it costs some space until the job is removed. */
  const tidyUp = async (): Promise<void> => {
    while (left.length > 0) {
      const some = left.splice(0, NAMES_AT_ONCE);
      await remove(some.map(nameOf)).catch(() => undefined);
      await Promise.allSettled(some.map(({ key, writer }) => writers.leave(key, writer)));
    }
  };
  const tidyLater = (one: Left) => {
    left.push(one);
    tidying ??= tidyUp().finally(() => {
      tidying = null;
    });
  };
  return {
    async create(key, bytes) {
      const writer = randomUUID();
      await writers.enter(key, writer);
      const [before] = await Promise.all([get(key), put(nameOf({ key, writer }), bytes)]);
      const first = before === null ? await writers.first(key, writer) : null;
      if (first === writer) await put(key, bytes);
      else if (first !== null) await putOfFirst(key, first);
      tidyLater({ key, writer });
      return first === writer;
    },
    tidied: async () => {
      while (tidying !== null) await tidying;
    },
  };
}
