import { setTimeout as sleep } from 'node:timers/promises';
import type { Diff } from '@linkhaul/results';
import type { DiffSummary } from '@linkhaul/schemas';
import type { Piece } from '../results/forms.js';
import { type DiffForm, pieceOf } from './forms.js';

/** Clients and proxies give up on an answer that stays silent for long. */
const SAY_SOMETHING_EVERY_MS = 1000;

/** A comparison under way, and the form in which to write it. */
interface Writing {
  readonly made: Promise<Diff>;
  readonly form: DiffForm;
  summaryOf(diff: Diff): DiffSummary;
}

/** Writes a comparison once it is made, and keeps the connection busy until then. Always removes its files at the end. */
export async function* writeDiff({ made, form, summaryOf }: Writing): AsyncGenerator<Piece> {
  try {
    if (form.opening !== '') yield pieceOf(form.opening, 0);
    // The opening is sent at once: the first byte is what makes a client wait.
    for (let waitMs = 0; !(await isMade(made, waitMs)); waitMs = SAY_SOMETHING_EVERY_MS) {
      if (form.meanwhile !== '') yield pieceOf(form.meanwhile, 0);
    }
    const diff = await made;
    yield* form.encode(summaryOf(diff), diff.lines());
  } finally {
    // The reader of this generator already gets the error of `made` from the loop above.
    await made.then((diff) => diff.close()).catch(() => undefined);
  }
}

/** Whether the comparison is made, or has failed, within the time. */
export async function isMade(made: Promise<unknown>, withinMs: number): Promise<boolean> {
  const over = new AbortController();
  const waiting = sleep(withinMs, false, { signal: over.signal });
  const ended = made.then(
    () => true,
    () => true,
  );
  return Promise.race([ended, waiting]).finally(() => over.abort());
}
