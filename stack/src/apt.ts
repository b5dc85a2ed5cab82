import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { spawnChild } from './child.js';
import type { Environment } from './env.js';
import { StackFailure } from './failure.js';

/** Debian asks this script whether an installation may start services. */
const POLICY = '/usr/sbin/policy-rc.d';

/** Installs a Debian package without starting its services. Fetches the package lists if the first try fails. */
export async function aptInstall(name: string, env: Environment): Promise<void> {
  const quiet = { ...env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const install = ['install', '-y', '--no-install-recommends', name];
  await withoutServices(async () => {
    if ((await apt(install, quiet)) === null) return;
    await apt(['update'], quiet);
    const failure = await apt(install, quiet);
    if (failure !== null) throw new StackFailure(`apt-get install ${name} failed:\n${failure}`);
  });
}

/** Runs apt-get. Returns null on success, else its last lines of output. */
async function apt(args: readonly string[], env: Environment): Promise<string | null> {
  const child = await spawnChild({ command: 'apt-get', args, env, ifOrphaned: 'SIGTERM' });
  return (await child.exited) === 'exit code 0' ? null : child.tail();
}

async function withoutServices(work: () => Promise<void>): Promise<void> {
  if (existsSync(POLICY)) return work();
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await work();
  } finally {
    rmSync(POLICY, { force: true });
  }
}
