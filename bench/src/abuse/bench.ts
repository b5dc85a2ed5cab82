import type { Environment, Say } from '../limits/service.js';
import { benchBodies } from './bodies.js';
import { benchConnections } from './connections.js';
import { benchHangingReceivers } from './hanging-receivers.js';
import { benchKeys } from './keys.js';
import { benchRefusals } from './refusals.js';
import { benchSilentNames } from './silent-names.js';
import { benchStop } from './stop.js';
import { benchUploads } from './uploads.js';

type Figure = (env: Environment, say: Say) => Promise<Record<string, string>[]>;

/** One file for each figure. Each starts its own processes on loopback and stops them, and all its waits have a limit. */
const FIGURES: Readonly<Record<string, Figure>> = {
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

/** Measures what hostile clients and receivers cost all others: every figure, or one. */
export async function benchAbuse(env: Environment, say: Say, part?: string) {
  const wanted = Object.entries(FIGURES).filter(([name]) => part === undefined || name === part);
  if (wanted.length === 0) throw new Error(`There is no part ${part}: it has ${Object.keys(FIGURES).join(', ')}`);
  const figures: Record<string, Record<string, string>[]> = {};
  for (const [name, figure] of wanted) {
    figures[name] = await inTime(name, figure(env, say));
    say('');
  }
  return figures;
}

/** Ends this process and its children if a figure takes too long. */
function inTime<T>(name: string, figure: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = new Error(`${name} did not end within ${FIGURE_WITHIN_MS / 1000} s`);
    const timer = setTimeout(() => reject(late), FIGURE_WITHIN_MS);
    figure.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
