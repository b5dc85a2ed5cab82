import { setTimeout as sleep } from 'node:timers/promises';
import { type JobRecord, refOf } from '@linkhaul/jobs';
import { type Batches, type Reading, readResults, readResultTexts, START } from '@linkhaul/results';
import { SCHEMA_VERSION } from '@linkhaul/schemas';
import { paths } from '@linkhaul/storage';
import { type Form, linesOf, NDJSON } from './forms.js';
import { readAhead } from './read-ahead.js';
import { findStored, type PackedPiece, type Place, type Stored, writeStored } from './stored.js';

/** The results of finished jobs as files. They are written at their first reading, or before it if the job is large. */
export interface Downloads {
  /** Null if the files are not written yet. */
  find(job: JobRecord, form: Form): Promise<Stored | null>;
  /** Yields the pieces while it writes them. */
  write(job: JobRecord, form: Form): AsyncGenerator<PackedPiece, Stored | null>;
  /**
   * Writes missing files; concurrent requests share one writing. `later`: the writing takes longer than `withinMs` and goes on, or
   * too many are under way. `changed`: a damaged answer was found, so the results have changed.
   */
  ensure(job: JobRecord, form: Form, withinMs: number): Promise<Stored | 'later' | 'changed'>;
  /** Writes missing NDJSON files slowly, before anybody reads them. Stops when a reader comes or the process stops. */
  writeAhead(job: JobRecord, stopping: AbortSignal): Promise<void>;
}

/** The most writings at once. They go on after their clients have left. */
const MOST_WRITINGS = 8;

export function createDownloads(reading: Reading): Downloads {
  const writing = new Map<string, Promise<Stored | 'changed'>>();
  /** The writings ahead, by the name of their content. */
  const ahead = new Map<string, AbortController>();
  const piecesOf = (job: JobRecord, form: Form) =>
    writeStored(form.encode(linesOf(batchesFor(form, job, reading), () => true)), placeOf(job, form, reading));
  const downloads: Downloads = {
    find: (job, form) => findStored(placeOf(job, form, reading)),
    async *write(job, form) {
      // The reader writes the same files itself, and must not wait for the slow writing.
      ahead.get(tagOf(job, form))?.abort();
      try {
        return yield* piecesOf(job, form);
      } finally {
        await clearIfRemoved(job, reading);
      }
    },
    async writeAhead(job, stopping) {
      const name = tagOf(job, NDJSON);
      const over = new AbortController();
      ahead.set(name, over);
      try {
        if (writing.has(name) || (await downloads.find(job, NDJSON)) !== null) return;
        await drainSlowly(piecesOf(job, NDJSON), AbortSignal.any([over.signal, stopping]));
        await clearIfRemoved(job, reading);
      } finally {
        ahead.delete(name);
      }
    },
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

/** The lines that a form needs: NDJSON needs only their text. */
function batchesFor(form: Form, job: JobRecord, reading: Reading): Batches {
  return readAhead(form === NDJSON ? readResultTexts(job, START, reading) : readResults(job, START, reading));
}

/** Names the content: for the same job, run, damage, form and version the bytes are always the same. */
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

/** Removes the files of a job that was deleted while they were written. */
async function clearIfRemoved({ description }: JobRecord, { storage, store }: Reading): Promise<void> {
  const job = refOf(description);
  if ((await store.get(job)) === null) await storage.remove(paths.results(job));
}

/** Pauses after each piece for as long as the piece took, so that other work gets at least half of this thread. */
async function drainSlowly(pieces: AsyncGenerator<PackedPiece, Stored | null>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const startedAt = performance.now();
    if ((await pieces.next()).done) return;
    await sleep(performance.now() - startedAt, undefined, { signal }).catch(() => undefined);
  }
  await pieces.return(null);
}

async function drain(pieces: AsyncGenerator<PackedPiece, Stored | null>): Promise<Stored | 'changed'> {
  for (;;) {
    const next = await pieces.next();
    if (next.done) return next.value ?? 'changed';
  }
}
