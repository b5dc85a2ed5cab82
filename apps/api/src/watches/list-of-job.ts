import type { JobRecord } from '@linkhaul/jobs';
import { refOf } from '@linkhaul/jobs';
import { readInvalidRows, readRows } from '@linkhaul/storage';
import type { Services } from '../services.js';
import type { RowSource } from '../submit/submission.js';

/** Reads the list of a job, as it was sent, for a watch. */
export function listOfJob({ description }: JobRecord, { storage }: Pick<Services, 'storage'>): RowSource {
  const job = refOf(description);
  return async (sink) => {
    for (let part = 0; part < description.rowParts; part++) {
      for (const { line, input, id } of await readRows(storage, job, part)) sink.text({ line, input, id });
      await sink.ready();
    }
    for (let part = 0; part < description.invalidParts; part++) {
      for (const { code, ...row } of await readInvalidRows(storage, job, part)) sink.invalid(row, code);
      await sink.ready();
    }
  };
}
