import type { Batches, Line } from '@linkhaul/results';

/** The same batches, with the next one already being read while the caller uses the present one. */
export async function* readAhead<L extends Line>(source: Batches<L>): Batches<L> {
  let next = source.next();
  try {
    for (;;) {
      const made = await next;
      if (made.done) return made.value;
      next = source.next();
      // A failure is thrown when the next batch is awaited, or never.
      next.catch(() => undefined);
      yield made.value;
    }
  } finally {
    await source.return({ next: null });
  }
}
