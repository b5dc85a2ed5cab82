import { setTimeout as sleep } from 'node:timers/promises';
import type { DiffSummary } from '@linkhaul/schemas';
import type { Piece } from '../results/forms.js';
import type { Diff } from './create-diff.js';
import { type DiffForm, pieceOf } from './forms.js';

/** Clients and proxies give up on an answer that says nothing for long. */
const SAY_SOMETHING_EVERY_MS = 1000;

/** A difference that is still being made, and how it is written. */
interface Writing {
  readonly made: Promise<Diff>;
  readonly form: DiffForm;
  summaryOf(diff: Diff): DiffSummary;
}

/** Writes a difference when it is made; until then what its form has to say meanwhile. Its files go in any case. */
export async function* writeDiff({ made, form, summaryOf }: Writing): AsyncGenerator<Piece> {
  try {
    if (form.opening !== '') yield pieceOf(form.opening, 0);
    // At once where it is awaited already: the first byte is what keeps a client.
    for (let waitMs = 0; !(await isMade(made, waitMs)); waitMs = SAY_SOMETHING_EVERY_MS) {
      if (form.meanwhile !== '') yield pieceOf(form.meanwhile, 0);
    }
    const diff = await made;
    yield* form.encode(summaryOf(diff), diff.lines());
  } finally {
    // Whoever reads this learns of its failure above.
    await made.then((diff) => diff.close()).catch(() => undefined);
  }
}

/** Whether it is made, or has failed, in a while. */
export async function isMade(made: Promise<unknown>, withinMs: number): Promise<boolean> {
  const over = new AbortController();
  const waiting = sleep(withinMs, false, { signal: over.signal });
  const ended = made.then(
    () => true,
    () => true,
  );
  return Promise.race([ended, waiting]).finally(() => over.abort());
}
