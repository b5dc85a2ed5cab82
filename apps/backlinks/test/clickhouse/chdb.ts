import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { environment } from '../../../../e2e/env.js';
import { type Address, addressOf } from '../../src/clickhouse/address.js';

const { CHDB } = environment;

/** Whether `CHDB` names a folder in which `npm i --prefix FOLDER chdb` has installed ClickHouse as a library. */
export const hasChdb = CHDB !== undefined && canResolve(CHDB);

function canResolve(folder: string): boolean {
  try {
    return createRequire(join(folder, 'index.js')).resolve('chdb') !== '';
  } catch {
    return false;
  }
}

/** A ClickHouse of its own, as a process. */
export async function startClickHouse() {
  const child = spawn(process.execPath, [fileURLToPath(new URL('stand-in.mjs', import.meta.url)), CHDB ?? ''], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const [port] = await once(createInterface(child.stdout), 'line');
  const urlOf = (database: string, login = 'tester:secret') => `clickhouse://${login}@127.0.0.1:${port}/${database}`;
  return {
    urlOf,
    addressOf: (database: string): Address => {
      const address = addressOf(urlOf(database));
      if ('problem' in address) throw new Error(address.problem);
      return address;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
