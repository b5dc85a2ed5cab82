import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from '@linkhaul/stack';
import type { Case } from '../case.js';
import { HELD_BY_WORKER, WORKERS } from '../world.js';

/** Longer than any lock, and any silence that counts as death, at chaos's time scale. */
const LONG_MS = 12_000;

const SHIFTED = pathToFileURL(join(repositoryRoot, 'e2e/shift-clock.mjs')).href;
const clockOf = (ms: number) => ({ NODE_OPTIONS: `--import ${SHIFTED}?ms=${ms}` });

/** What happens to the processes of the service. */
export const PROCESSES: readonly Case[] = [
  {
    name: 'worker-killed',
    what: 'a worker is killed, and another is started',
    boughtAgain: HELD_BY_WORKER,
    async disturb({ workers, startWorker }) {
      await workers()[0]?.child.kill();
      await startWorker();
    },
  },
  {
    name: 'workers-killed',
    what: 'all workers are killed at once, and started again',
    boughtAgain: WORKERS * HELD_BY_WORKER,
    async disturb({ workers, startWorker }) {
      await Promise.all(workers().map(({ child }) => child.kill()));
      await startWorker();
      await startWorker();
    },
  },
  {
    name: 'api-killed',
    what: 'the API is killed, and started again',
    async disturb({ api, restartApi }) {
      await api.child.kill();
      await restartApi();
    },
  },
  {
    name: 'worker-frozen',
    what: 'a worker stands still for longer than every lock (SIGSTOP), and goes on',
    boughtAgain: HELD_BY_WORKER,
    async disturb({ workers }) {
      const [worker] = workers();
      worker?.child.signal('SIGSTOP');
      await sleep(LONG_MS);
      worker?.child.signal('SIGCONT');
    },
  },
  {
    name: 'worker-stopped',
    what: 'a worker is told to stop under load (SIGTERM), and another is started',
    async disturb({ workers, startWorker }) {
      await workers()[0]?.child.stop();
      await startWorker();
    },
  },
  {
    name: 'rolling-restart',
    what: 'one worker after the other is replaced by a new one',
    async disturb({ workers, startWorker }) {
      for (const old of workers()) {
        await startWorker();
        await old.child.stop();
      }
    },
  },
  {
    name: 'stopped-at-start',
    what: 'a worker is told to stop as soon as it listens',
    async disturb({ startWorker }) {
      await (await startWorker()).child.stop();
    },
  },
  { name: 'clocks-ahead', what: 'clocks of API and workers are ten minutes ahead', env: clockOf(600_000), disturb },
  { name: 'clocks-behind', what: 'clocks of API and workers are ten minutes behind', env: clockOf(-600_000), disturb },
];

/** For cases in which only the environment differs. */
async function disturb(): Promise<void> {}
