import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { aptInstall } from './apt.js';
import type { Environment } from './env.js';
import { StackFailure } from './failure.js';

const BINARIES = ['redis-server', 'valkey-server'];

const WAYS = `No Redis was found. Any of these will do:
  - set REDIS_URL to one that runs, such as redis://127.0.0.1:6379
  - install it: apt-get install redis-server, dnf install redis, or brew install redis
  - start one in a container: docker run -p 6379:6379 redis, then REDIS_URL=redis://127.0.0.1:6379`;

export interface FindOptions {
  readonly env: Environment;
  /** May install the package, as root on Debian or Ubuntu. */
  readonly mayInstall: boolean;
  readonly say: (text: string) => void;
}

/** The path of a Redis or Valkey server, installed first where that is allowed and possible. */
export async function redisBinary({ env, mayInstall, say }: FindOptions): Promise<string> {
  const found = onPath(BINARIES, env);
  if (found !== null) return found;
  if (!mayInstall || env.LINKHAUL_NO_INSTALL === '1' || !canInstall(env)) throw new StackFailure(WAYS);
  say(
    'No Redis on this machine: installing it with "apt-get install -y redis-server" (LINKHAUL_NO_INSTALL=1 forbids it).',
  );
  await aptInstall('redis-server', env);
  const installed = onPath(BINARIES, env);
  if (installed === null) throw new StackFailure(`redis-server was installed but is not on PATH.\n${WAYS}`);
  return installed;
}

/** The first of these programs on PATH. */
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
