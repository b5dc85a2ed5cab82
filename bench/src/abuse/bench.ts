import type { Environment, Say } from '../limits/service.js';
import { type Part, runParts } from '../parts.js';
import { benchBodies } from './bodies.js';
import { benchConnections } from './connections.js';
import { benchHangingReceivers } from './hanging-receivers.js';
import { benchKeys } from './keys.js';
import { benchRefusals } from './refusals.js';
import { benchSilentNames } from './silent-names.js';
import { benchStop } from './stop.js';
import { benchUploads } from './uploads.js';

/** One file for each figure. Each starts its own processes on loopback and stops them, and all its waits have a limit. */
const FIGURES: Readonly<Record<string, Part>> = {
  bodies: benchBodies,
  silent_names: benchSilentNames,
  hanging_receivers: benchHangingReceivers,
  stop: benchStop,
  connections: benchConnections,
  keys: benchKeys,
  refusals: benchRefusals,
  uploads: benchUploads,
};

/** Far more than any figure takes. Without a limit, a service that hangs would hang the bench. */
const FIGURE_WITHIN_MS = 180_000;

const PARTS = Object.fromEntries(Object.entries(FIGURES).map(inTime));

/** Measures what hostile clients and receivers cost all others: every figure, or one. */
export function benchAbuse(env: Environment, say: Say, part?: string) {
  return runParts({ parts: PARTS, part }, env, say);
}

/** Ends this process and its children if a figure takes too long. */
function inTime([name, figure]: [string, Part]): [string, Part] {
  return [
    name,
    (env, say) =>
      new Promise((resolve, reject) => {
        const late = new Error(`${name} did not end within ${FIGURE_WITHIN_MS / 1000} s`);
        const timer = setTimeout(() => reject(late), FIGURE_WITHIN_MS);
        figure(env, say)
          .then(resolve, reject)
          .finally(() => clearTimeout(timer));
      }),
  ];
}
