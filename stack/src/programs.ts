import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { aptInstall } from './apt.js';
import type { Environment } from './env.js';
import { StackFailure } from './failure.js';

export interface FindOptions {
  readonly env: Environment;
  /** Whether the package may be installed. That needs root on Debian or Ubuntu. */
  readonly mayInstall: boolean;
  readonly say: (text: string) => void;
}

export interface Program {
  /** The name in messages: `Redis`. */
  readonly title: string;
  /** Binaries to look for; the first one found is used. */
  readonly binaries: readonly string[];
  readonly debianPackage: string;
  /** Ways to get the program, for the user. */
  readonly ways: string;
}

/**
 * Finds a program on this machine. Installs it first if it is missing and that is allowed and possible; else throws.
 */
export async function findProgram(program: Program, { env, mayInstall, say }: FindOptions): Promise<string> {
  const { title, binaries, debianPackage, ways } = program;
  const found = onPath(binaries, env);
  if (found !== null) return found;
  if (!mayInstall || env.LINKHAUL_NO_INSTALL === '1' || !canInstall(env)) throw new StackFailure(ways);
  say(
    `No ${title} on this machine: installing it with "apt-get install -y ${debianPackage}" (LINKHAUL_NO_INSTALL=1 forbids it).`,
  );
  await aptInstall(debianPackage, env);
  const installed = onPath(binaries, env);
  if (installed === null) throw new StackFailure(`${debianPackage} was installed but is not on PATH.\n${ways}`);
  return installed;
}

/** The path of the first of these binaries on PATH; null if there is none. */
function onPath(names: readonly string[], env: Environment): string | null {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const name of names) {
    const path = folders.map((folder) => join(folder, name)).find(isExecutable);
    if (path !== undefined) return path;
  }
  return null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function canInstall(env: Environment): boolean {
  const isRoot = process.getuid?.() === 0;
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return isRoot && /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release) && onPath(['apt-get'], env) !== null;
}
