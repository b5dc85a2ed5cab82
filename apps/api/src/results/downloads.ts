import { setTimeout as sleep } from 'node:timers/promises';
import { type JobRecord, refOf } from '@linkhaul/jobs';
import { type Batches, type Reading, readResults, readResultTexts, START } from '@linkhaul/results';
import { SCHEMA_VERSION } from '@linkhaul/schemas';
import { type Form, linesOf, NDJSON } from './forms.js';
import { readAhead } from './read-ahead.js';
import { findStored, type PackedPiece, type Place, type Stored, writeStored } from './stored.js';

/** The results of finished jobs as files: written when they are first read, and copied from then on. */
export interface Downloads {
  /** Null if nobody has read them to the end yet. */
  find(job: JobRecord, form: Form): Promise<Stored | null>;
  /** Yields the pieces while it writes them. */
  write(job: JobRecord, form: Form): AsyncGenerator<PackedPiece, Stored | null>;
  /**
   * Writes missing files; requests that come meanwhile wait for the same writing. `later`: the writing takes longer than
   * `withinMs` and goes on, or too many are under way. `changed`: a damaged answer was found, so the results have changed.
   */
  ensure(job: JobRecord, form: Form, withinMs: number): Promise<Stored | 'later' | 'changed'>;
}

/** These writings go on after their clients have gone. */
const MOST_WRITINGS = 8;

export function createDownloads(reading: Reading): Downloads {
  const writing = new Map<string, Promise<Stored | 'changed'>>();
  const downloads: Downloads = {
    find: (job, form) => findStored(placeOf(job, form, reading)),
    write: (job, form) =>
      writeStored(form.encode(linesOf(batchesFor(form, job, reading), () => true)), placeOf(job, form, reading)),
    async ensure(job, form, withinMs) {
      const found = await downloads.find(job, form);
      if (found !== null) return found;
      const name = tagOf(job, form);
      if (!writing.has(name) && writing.size >= MOST_WRITINGS) return 'later';
      const written = writing.get(name) ?? drain(downloads.write(job, form)).finally(() => writing.delete(name));
      writing.set(name, written);
      const over = new AbortController();
      const later = sleep(withinMs, 'later' as const, { signal: over.signal });
      return Promise.race([written, later]).finally(() => over.abort());
    },
  };
  return downloads;
}

/** The lines that a form is made of: NDJSON needs only their text. */
function batchesFor(form: Form, job: JobRecord, reading: Reading): Batches {
  return readAhead(form === NDJSON ? readResultTexts(job, START, reading) : readResults(job, START, reading));
}

/** Names the content: the same job, run, damage, form and version always give the same bytes. */
export function tagOf({ description, run, counts: { damaged } }: JobRecord, form: Form): string {
  const state = damaged === 0 ? run : `${run}d${damaged}`;
  return `${description.id}.${state}.${SCHEMA_VERSION}.${form.name}`;
}

function placeOf({ description, run, counts }: JobRecord, form: Form, { storage, store }: Reading): Place {
  const job = refOf(description);
  const extension = form.gzip ? `${form.extension}.gz` : form.extension;
  const at = { job, run, damaged: counts.damaged, version: SCHEMA_VERSION, name: form.name, extension };
  const isCurrent = async () => (await store.get(job))?.counts.damaged === counts.damaged;
  return { at, gzip: form.gzip, storage, isCurrent };
}

async function drain(pieces: AsyncGenerator<PackedPiece, Stored | null>): Promise<Stored | 'changed'> {
  for (;;) {
    const next = await pieces.next();
    if (next.done) return next.value ?? 'changed';
  }
}
