import { QueryTimeout } from './statements.js';

/** A pool of items, each used by one caller at a time. Callers are served in order. */
export interface Pool<T> {
  /** Throws QueryTimeout if no item becomes free in time. */
  take(withinMs: number): Promise<T>;
  giveBack(item: T): void;
}

export function createPool<T>(items: readonly T[]): Pool<T> {
  const free = [...items];
  const waiting = new Set<(item: T) => void>();
  return {
    take: async (withinMs) => {
      const [item] = free.splice(-1);
      if (item !== undefined) return item;
      return new Promise<T>((resolve, reject) => {
        const served = (given: T) => {
          clearTimeout(timer);
          resolve(given);
        };
        const timer = setTimeout(() => {
          waiting.delete(served);
          reject(new QueryTimeout(`waited ${Math.round(withinMs)} ms for its turn`));
        }, withinMs);
        waiting.add(served);
      });
    },
    giveBack: (item) => {
      const [next] = waiting;
      if (next === undefined) {
        free.push(item);
        return;
      }
      waiting.delete(next);
      next(item);
    },
  };
}
