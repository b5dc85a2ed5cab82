import type { Batches, Line } from './batch.js';

/** The same batches; while one is written out, the storage is read for the next. */
export async function* readAhead<L extends Line>(source: Batches<L>): Batches<L> {
  let next = source.next();
  try {
    for (;;) {
      const made = await next;
      if (made.done) return made.value;
      next = source.next();
      // Who asks for the next batch meets its failure; nobody else does.
      next.catch(() => undefined);
      yield made.value;
    }
  } finally {
    await source.return({ next: null });
  }
}
