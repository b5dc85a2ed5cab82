import type { Batches, Line } from '@linkhaul/results';

/** Yields the same batches, but reads the next one while the caller uses the current one. */
export async function* readAhead<L extends Line>(source: Batches<L>): Batches<L> {
  let next = source.next();
  try {
    for (;;) {
      const made = await next;
      if (made.done) return made.value;
      next = source.next();
      // A failed read is thrown when the next batch is awaited, or never if the caller stops before.
      next.catch(() => undefined);
      yield made.value;
    }
  } finally {
    await source.return({ next: null });
  }
}
