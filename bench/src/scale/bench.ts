import type { Environment, Say } from '../limits/service.js';
import { type Part, runParts } from '../parts.js';
import { benchSoak } from './soak.js';
import { benchTenants } from './tenants.js';

const PARTS: Readonly<Record<string, Part>> = { tenants: benchTenants, soak: benchSoak };

/** Measures what many tenants get of one account, and what grows in half an hour: both parts, or one. */
export async function benchScale(env: Environment, say: Say, part?: string) {
  const figures = await runParts({ parts: PARTS, part }, env, say);
  for (const note of NOTES) say(note);
  return figures;
}

const NOTES = [
  'Two workers, file storage, 30 calls in flight, 10,000 calls a minute, everything on this machine, the upstream too.',
  "tenants: a job each, of one call a row; a newcomer's job has one row. soak: one job after the other, each deleted when it is",
  'done. How fully 1, 2 and 4 workers use an account is `bench limits`, what a call costs in Redis is `bench redis`.',
];
