import type { Job } from '@linkhaul/schemas';
import { EXIT } from './exit-codes.js';
import { stateOf } from './render/job.js';
import { print, type Terminal } from './terminal.js';

/** Prints the job's state after pause, resume, cancel or retry. */
export function reportState(job: Job, asJson: boolean, terminal: Terminal): number {
  print(terminal, asJson ? JSON.stringify(job) : `${job.id}  ${stateOf(job)}`);
  return EXIT.complete;
}
