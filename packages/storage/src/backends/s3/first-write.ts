import { randomUUID } from 'node:crypto';
import type { S3Objects } from './objects.js';

/** Remembers, outside of the store, which writer of a key is the first. */
export interface FirstWriters {
  /** Before the writer looks whether the key is there. */
  enter(key: string, writer: string): Promise<void>;
  /** The writer whose bytes count: this one where none was named before. */
  first(key: string, writer: string): Promise<string>;
  /** After the key is there. What is remembered of it goes with its last writer. */
  leave(key: string, writer: string): Promise<void>;
  close(): Promise<void>;
}

const OF_WRITER = /~[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Whether the key is that of one writer, and no object of ours yet. */
export function isOfWriter(key: string): boolean {
  return OF_WRITER.test(key);
}

/**
 * First write wins in a store that does not know it: each writer writes to a name of its own, one of them is named the first,
 * and each that comes to the key writes that one's bytes, so that no late write can change them. A writer that fails or dies in
 * between leaves its name and what is remembered, by which the next one ends what it began.
 */
export function firstWrite({ get, put, remove }: S3Objects, writers: FirstWriters) {
  const nameOf = (key: string, writer: string) => `${key}~${writer}`;
  /** Ends what the first writer may not have ended. */
  const putOfFirst = async (key: string, first: string): Promise<void> => {
    const bytes = (await get(key)) === null ? await get(nameOf(key, first)) : null;
    if (bytes !== null) await put(key, bytes);
  };
  return async (key: string, bytes: Uint8Array): Promise<boolean> => {
    const writer = randomUUID();
    await writers.enter(key, writer);
    const wasThere = (await get(key)) !== null;
    let first = '';
    if (!wasThere) {
      await put(nameOf(key, writer), bytes);
      first = await writers.first(key, writer);
      if (first === writer) await put(key, bytes);
      else await putOfFirst(key, first);
      await remove([nameOf(key, writer)]);
    }
    await writers.leave(key, writer);
    return first === writer;
  };
}
