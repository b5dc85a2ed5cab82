import { setTimeout as sleep } from 'node:timers/promises';
import { type JobRecord, refOf } from '@linkhaul/jobs';
import { SCHEMA_VERSION } from '@linkhaul/schemas';
import type { Reading } from './batch.js';
import { START } from './cursor.js';
import { type Form, linesOf } from './forms.js';
import { readResults } from './results.js';
import { findStored, type PackedPiece, type Place, type Stored, writeStored } from './stored.js';

/** The results of finished jobs as files: written when they are first read, and copied from then on. */
export interface Downloads {
  /** Null where nobody has read them to the end yet. */
  find(job: JobRecord, form: Form): Promise<Stored | null>;
  /** Gives them while they are written. */
  write(job: JobRecord, form: Form): AsyncGenerator<PackedPiece, Stored>;
  /**
   * Writes them where they are not there; who asks meanwhile waits for the same writing. Null: it takes longer than so
   * many milliseconds, and goes on; or as many are being written as may be.
   */
  ensure(job: JobRecord, form: Form, withinMs: number): Promise<Stored | null>;
}

/** Written for nobody in particular: these go on when their clients have gone. */
const MOST_WRITINGS = 8;

export function createDownloads(reading: Reading): Downloads {
  const writing = new Map<string, Promise<Stored>>();
  const downloads: Downloads = {
    find: (job, form) => findStored(placeOf(job, form, reading)),
    write: (job, form) =>
      writeStored(form.encode(linesOf(readResults(job, START, reading), () => true)), placeOf(job, form, reading)),
    async ensure(job, form, withinMs) {
      const found = await downloads.find(job, form);
      if (found !== null) return found;
      const name = tagOf(job, form);
      if (!writing.has(name) && writing.size >= MOST_WRITINGS) return null;
      const written = writing.get(name) ?? drain(downloads.write(job, form)).finally(() => writing.delete(name));
      writing.set(name, written);
      const over = new AbortController();
      return Promise.race([written, sleep(withinMs, null, { signal: over.signal })]).finally(() => over.abort());
    },
  };
  return downloads;
}

/** Names the content: the same job, run, form and version give the same bytes. */
export function tagOf({ description, run }: JobRecord, form: Form): string {
  return `${description.id}.${run}.${SCHEMA_VERSION}.${form.name}`;
}

function placeOf(job: JobRecord, form: Form, { storage }: Reading): Place {
  const extension = form.gzip ? `${form.extension}.gz` : form.extension;
  const at = { job: refOf(job.description), run: job.run, version: SCHEMA_VERSION, name: form.name, extension };
  return { at, gzip: form.gzip, storage };
}

async function drain(pieces: AsyncGenerator<PackedPiece, Stored>): Promise<Stored> {
  for (;;) {
    const next = await pieces.next();
    if (next.done) return next.value;
  }
}
