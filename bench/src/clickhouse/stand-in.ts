import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { repositoryRoot } from '@linkhaul/stack';

/** The tests' ClickHouse, as a process of its own. */
export async function startStandIn(folder: string) {
  const program = join(repositoryRoot, 'apps/backlinks/test/clickhouse/stand-in.mjs');
  const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const [port] = await once(createInterface(child.stdout), 'line');
  return {
    url: `clickhouse://tester:secret@127.0.0.1:${port}/bench`,
    stop: async (): Promise<void> => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
