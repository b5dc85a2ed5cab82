import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { builtApp } from '@linkhaul/stack';
import { environment } from './env.js';
import type { World } from './harness.js';

/** Where a command runs: its service, and the folder for its files and its state. */
interface Place {
  readonly world: Pick<World, 'apiUrl'>;
  readonly dir: string;
  readonly env: Record<string, string>;
}

/** Starts the built command. */
export function startCommand(words: readonly string[], { world, dir, env }: Place): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [builtApp('cli'), ...words], {
    cwd: dir,
    env: { PATH: environment.PATH, LINKHAUL_URL: world.apiUrl, XDG_STATE_HOME: dir, ...env },
  });
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, stdout, stderr };
}

/** Runs the built command to its end. */
export function runCommand(words: readonly string[], place: Place, stdin: string): Promise<Ended> {
  const child = startCommand(words, place);
  // A command that refuses its arguments does not read the list.
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  return ended(child);
}
