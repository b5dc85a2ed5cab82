import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Made, Step } from './make-part.js';
import type { Asked, Told } from './part-process.js';
import type { ImportOptions } from './source.js';
import type { SourceFile } from './sources/find-sources.js';

/** The built file, also in tests: Node 20 runs no TypeScript. */
const BUILT = import.meta.url.endsWith('.ts') ? '../../dist/' : './';
const PROCESS = fileURLToPath(new URL(`${BUILT}part-process.js`, import.meta.url));

export interface MakeParts {
  readonly folder: string;
  readonly options: ImportOptions;
  readonly signal: AbortSignal;
  readonly onStep: (path: string, step: Step) => void;
  readonly onMade: (path: string, made: Made) => void;
}

/** Makes the parts of files, in a process for each core. The largest come first, so that no core waits for one at the end. */
export async function makeParts(files: readonly SourceFile[], making: MakeParts): Promise<void> {
  const waiting = files.toSorted((a, b) => b.size - a.size);
  const processes = Math.min(availableParallelism(), waiting.length);
  await Promise.all(Array.from({ length: processes }, () => makeInProcess(waiting, making)));
}

/** Takes files until none waits. A process that dies costs the file that it had; the next file gets a new one. */
async function makeInProcess(waiting: SourceFile[], making: MakeParts): Promise<void> {
  const { folder, options, signal, onStep, onMade } = making;
  let child: ChildProcess | null = null;
  const end = () => child?.kill('SIGKILL');
  signal.addEventListener('abort', end);
  try {
    for (let file = waiting.shift(); file !== undefined && !signal.aborted; file = waiting.shift()) {
      child ??= fork(PROCESS, { serialization: 'advanced' });
      const { path } = file;
      const made = await makeIn(child, { path, folder, options }, (step) => onStep(path, step));
      if (child.exitCode !== null || child.signalCode !== null) child = null;
      if (!signal.aborted) onMade(path, made);
    }
  } finally {
    signal.removeEventListener('abort', end);
    child?.disconnect();
  }
}

async function makeIn(child: ChildProcess, asked: Asked, onStep: (step: Step) => void): Promise<Made> {
  const hearing = new AbortController();
  const made = new Promise<Made>((resolve) => {
    const hear = (told: Told) => ('made' in told ? resolve(told.made) : onStep(told.step));
    child.on('message', hear);
    hearing.signal.addEventListener('abort', () => child.off('message', hear));
  });
  const died = once(child, 'exit', { signal: hearing.signal }).then(
    ([code, signal]): Made => ({ ok: false, why: `ended the process that read it (${signal ?? `exit code ${code}`})` }),
  );
  // Ended by us, when the part was made.
  died.catch(() => {});
  // A process that is dead already takes no message: its exit tells.
  child.send(asked, () => {});
  try {
    return await Promise.race([made, died]);
  } finally {
    hearing.abort();
  }
}
