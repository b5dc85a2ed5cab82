import { setTimeout as sleep } from 'node:timers/promises';
import type { Case } from '../case.js';
import { HELD_BY_WORKER, WORKERS, type World } from '../world.js';

const AWAY_MS = 4_000;
/** How much a power loss may cut off the append-only file. */
const LOST_BYTES = 20_000;
const CUTS = 20;

/** What happens to Redis. */
export const REDIS: readonly Case[] = [
  {
    name: 'redis-killed',
    what: 'Redis is killed, and started again',
    async disturb({ redis }) {
      await redis.kill();
      await redis.restart();
    },
  },
  {
    name: 'redis-frozen',
    what: 'Redis stands still for seconds (SIGSTOP), and goes on',
    async disturb({ redis }) {
      const { child } = await redis.primary();
      child.signal('SIGSTOP');
      await sleep(AWAY_MS);
      child.signal('SIGCONT');
    },
  },
  {
    name: 'redis-cut',
    what: 'all connections to Redis are cut, again and again',
    async disturb({ redis }) {
      for (let cut = 0; cut < CUTS; cut++) {
        await redis.command('CLIENT KILL TYPE normal');
        await sleep(100);
      }
    },
  },
  {
    name: 'redis-full',
    what: 'Redis has no memory left for seconds',
    async disturb({ redis }) {
      await redis.command('CONFIG SET maxmemory 1mb');
      await sleep(AWAY_MS);
      await redis.command('CONFIG SET maxmemory 0');
    },
  },
  {
    name: 'power-lost',
    what: 'Redis is killed and loses the end of its append-only file, with what was acknowledged',
    boughtAgain: WORKERS * HELD_BY_WORKER,
    async disturb({ redis }) {
      await redis.kill();
      await redis.restart(LOST_BYTES);
    },
  },
  {
    name: 'redis-flushed',
    what: 'Redis loses everything (FLUSHALL), then `linkhaul recover --go`',
    boughtAgain: WORKERS * HELD_BY_WORKER,
    async disturb(world) {
      await world.redis.command('FLUSHALL');
      await recoverAll(world);
    },
  },
  {
    name: 'failed-over',
    what: 'the primary of three servers is killed, and Sentinel names another',
    place: 'sentinels',
    boughtAgain: WORKERS * HELD_BY_WORKER,
    async disturb({ redis }) {
      const before = await redis.primary();
      await redis.kill();
      while ((await redis.primary()).port === before.port) await sleep(100);
      await redis.restart();
    },
  },
];

async function recoverAll({ client }: World): Promise<void> {
  await client.recover({ go: true });
  while ((await client.recovery()).state !== 'done') await sleep(100);
}
