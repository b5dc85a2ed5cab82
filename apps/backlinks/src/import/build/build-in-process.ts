import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { MakingStep } from '../../graph/making.js';
import type { Built } from './build.js';
import type { Asked, Told } from './build-process.js';

/** The built file, also in tests: Node 20 runs no TypeScript. */
const BUILT = import.meta.url.endsWith('.ts') ? '../../../dist/' : './';
const PROCESS = fileURLToPath(new URL(`${BUILT}build-process.js`, import.meta.url));

/**
 * DuckDB's threads allocate by glibc, which keeps what they free in up to eight arenas a core. With two, less is kept: the links of
 * 2,000,000 took up to 1,094 MB instead of 1,257 MB. glibc reads this when a process starts, so a build has a process of its own.
 */
const FEW_ARENAS = { MALLOC_ARENA_MAX: '2' };

interface Building {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly onStep: (step: MakingStep) => void;
}

/** What a graph came to; a sentence where it could not be made. */
type Outcome = { readonly built: Built } | { readonly refused: string };

/** Builds the graph of a folder of parts in a process of its own, and waits for its end. */
export async function buildInProcess(asked: Asked, { env, signal, onStep }: Building): Promise<Outcome> {
  const child = fork(PROCESS, { env: { ...FEW_ARENAS, ...env }, serialization: 'advanced' });
  const stop = () => child.connected && child.disconnect();
  signal.addEventListener('abort', stop);
  let outcome: Outcome | null = null;
  child.on('message', (told: Told) => {
    if ('step' in told) onStep(told.step);
    else outcome = told;
  });
  child.send(asked, () => {});
  try {
    const [code, killedBy]: unknown[] = await once(child, 'exit');
    return outcome ?? { refused: `${asked.into} was not made: its process ended (${killedBy ?? `exit code ${code}`})` };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
