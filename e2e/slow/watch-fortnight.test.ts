import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack } from '@linkhaul/stack';
import { expect, it, onTestFinished } from 'vitest';
import { environment } from '../env.js';
import { nanos, newPrefix, SOON_DEAD, WHILE_POLLING } from '../harness.js';
import { startOtherUpstream } from '../other-upstream.js';

const DAYS = 14;
const TARGETS = Array.from({ length: 50 }, (_, at) => `site-${at}.com`);

/** Sends commands to the tests' Redis, one after the other, and resolves once all are answered. */
async function redis(...commands: readonly string[]): Promise<void> {
  const { hostname, port } = new URL(environment.TEST_REDIS_URL ?? '');
  await new Promise<void>((resolve, reject) => {
    let answered = 0;
    const socket = connect(Number(port), hostname, () => socket.write(`${commands.join('\r\n')}\r\n`));
    socket.once('error', reject);
    socket.on('data', (bytes) => {
      answered += bytes.toString('utf8').split('\r\n').length - 1;
      if (answered < commands.length) return;
      socket.destroy();
      resolve();
    });
  });
}

/** Services over an upstream whose data the test changes. */
async function startWatching() {
  const backlinks = new Map(TARGETS.map((target, at) => [target, 100 + at]));
  const upstream = await startOtherUpstream((_, { targets = [] }) => {
    const items = targets.map((target) => ({ target, backlinks: backlinks.get(target) }));
    return { result: { items_count: items.length, items }, items: items.length };
  });
  const dataDir = await mkdtemp(join(tmpdir(), 'linkhaul-fortnight-'));
  const prefix = newPrefix();
  const { PATH, TEST_REDIS_URL } = environment;
  const account = { UPSTREAM_URL: upstream.url, UPSTREAM_LOGIN: 'me', UPSTREAM_PASSWORD: 'secret' };
  const env = { PATH, REDIS_URL: TEST_REDIS_URL, REDIS_PREFIX: prefix, ...account, ...SOON_DEAD };
  const stack = await startStack({ dataDir, workers: 2, backlinks: false, env });
  onTestFinished(async () => {
    await stack.stop();
    upstream.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  let workers = [...stack.workers];
  return {
    client: stack.client,
    backlinks,
    upstream,
    /** The watch's next run was due a minute ago. */
    makeDue: (name: string) => {
      const due = Date.now() - 60_000;
      const [state, ticks] = [`${prefix}:watch-state:local:${name}`, `${prefix}:watch-ticks`];
      return redis(`HSET ${state} next_at ${due}`, `ZADD ${ticks} ${due} local/${name}`);
    },
    killWorkers: async () => {
      await Promise.all(workers.map(({ child }) => child.kill()));
    },
    startWorkers: async () => {
      workers = await Promise.all([stack.startWorker(), stack.startWorker()]);
    },
  };
}

it('two weeks of a daily watch, over changing data and dying workers: each run is bought once, compared and told', async () => {
  const { client, backlinks, upstream, ...world } = await startWatching();
  await client.setWatch(
    'daily',
    {
      schedule: { cron: '0 6 * * *', time_zone: 'Europe/Berlin' },
      endpoint: 'bulk_backlinks',
      alert: [{ field: 'backlinks', change: 'drop', by: '50%' }],
      budget: { usd: 1, period: 'month' },
    },
    TARGETS,
  );
  const runs = async () => (await client.watchRuns('daily')).runs;
  const change = (target = '', by: (links: number) => number) => backlinks.set(target, by(backlinks.get(target) ?? 0));
  for (let day = 1; day <= DAYS; day++) {
    // Each day two sites change; every third day one of them loses most of its links.
    const isAlert = day % 3 === 0;
    change(TARGETS[day], (links) => links + day);
    change(TARGETS[day + 20], (links) => (isAlert ? 1 : links - 1));
    // All workers are down over the tick of every fourth day.
    const isDown = day % 4 === 0;
    if (isDown) await world.killWorkers();
    await world.makeDue('daily');
    if (isDown) await world.startWorkers();
    await expect.poll(async () => (await runs()).length, WHILE_POLLING).toBe(day);
    const [last] = await runs();
    expect(last).toMatchObject({ status: 'completed', outcome: 'complete', skipped: null });
    const changes = { counts: { changed: 2, same: 48 }, alerts: Number(isAlert) };
    expect(last).toMatchObject(day === 1 ? { alerts: 0 } : changes);
    expect(last?.total).toBe([...backlinks.values()].reduce((sum, count) => sum + count, 0));
  }

  const jobs = upstream.tasks.map(({ tag }) => tag.split('.')[0]);
  expect([jobs.length, new Set(jobs).size]).toEqual([DAYS, DAYS]);
  const { usage } = await client.usage({ groupBy: ['watch'] });
  expect(nanos(Number(usage[0]?.spent_usd))).toBe(upstream.chargedNanos());
  expect(nanos((await client.watch('daily')).budget?.committed_usd ?? 0)).toBe(upstream.chargedNanos());
  const { events } = await client.events();
  const told = (type: string) => events.filter((event) => event.type === type).length;
  expect(['watch.finished', 'watch.alert', 'watch.skipped'].map(told)).toEqual([DAYS, 4, 0]);
});
