import type { LinkhaulClient, WatchFields } from '@linkhaul/client';
import type { WatchEvent } from '@linkhaul/schemas';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nanos, WHILE_POLLING } from './harness.js';
import type { AnswerCall } from './other-upstream.js';
import { type OtherWorld, startOtherWorld } from './other-world.js';
import { startReceiver } from './receiver.js';

/** The upstream's numbers by target. It charges 20 mills per call, and 30 micros per item. */
const backlinks = new Map<string, number>();

let world: OtherWorld;
let client: LinkhaulClient;

beforeAll(async () => {
  const answer: AnswerCall = (_, { targets = [] }) => {
    const items = targets.flatMap((target) => {
      const count = backlinks.get(target);
      return count === undefined ? [] : [{ target, backlinks: count }];
    });
    return { result: { items_count: targets.length, items }, items: items.length };
  };
  world = await startOtherWorld(answer, { workers: 2 });
  client = world.client;
});
afterAll(() => world.stop());

/** Runs a watch, and resolves when the run is closed. */
async function runNow(name: string) {
  const before = (await client.watchRuns(name)).runs.length;
  await client.runWatch(name);
  await expect.poll(async () => (await client.watchRuns(name)).runs.length, WHILE_POLLING).toBe(before + 1);
  return (await client.watchRuns(name)).runs[0];
}

async function diffAt(path: string) {
  const answer = await fetch(`${world.stack.apiUrl}${path}`);
  expect(answer.status).toBe(200);
  return JSON.parse(await answer.text());
}

it('tells what changed since the last good run, and where a rule holds, in signed events', async () => {
  const receiver = await startReceiver();
  for (const [at, target] of ['a.com', 'b.com', 'c.com', 'd.com'].entries()) backlinks.set(target, 100 * (at + 1));
  const made = await client.setWatch(
    'rivals',
    {
      schedule: { cron: '0 6 * * 1', time_zone: 'Europe/Berlin' },
      endpoint: 'bulk_backlinks',
      alert: [
        { field: 'backlinks', change: 'drop', by: '10%' },
        { field: 'backlinks', change: 'rise', scope: 'total' },
      ],
      webhook: { url: receiver.url },
    },
    ['a.com', 'b.com', 'c.com', 'd.com', 'no'],
  );
  expect(made).toMatchObject({
    version: 1,
    status: 'active',
    list: { rows: 5, invalid: 1 },
    field: 'backlinks',
    run: null,
  });
  const first = await runNow('rivals');
  expect(first).toMatchObject({ by: 'user', status: 'completed', outcome: 'complete', total: 1000, alerts: 0 });

  backlinks.set('a.com', 50).set('b.com', 190).set('d.com', 405);
  backlinks.delete('c.com');
  const second = await runNow('rivals');
  expect(second).toMatchObject({ total: 645, alerts: 1, counts: { changed: 3, lost: 0, unknown: 1 } });

  await receiver.received(3);
  const { events } = await client.events();
  const ofWatch = events.filter(({ type }) => type.startsWith('watch.'));
  expect(ofWatch.map(({ type }) => type)).toEqual(['watch.finished', 'watch.finished', 'watch.alert']);
  const verifier = new Webhook(await client.webhookSecret());
  for (const { id, headers, body, event } of receiver.seen) {
    verifier.verify(body, headers);
    expect({ id, ...event }).toEqual(ofWatch.find((one) => one.id === id));
  }
  const { data } = ofWatch[2] as WatchEvent;
  expect(data).toMatchObject({
    watch: 'rivals',
    base_job: first?.job,
    run: { job: second?.job },
    // Without c.com, which the upstream left out.
    totals: { backlinks: { before: 700, after: 645 } },
    alerts: [{ rule: { change: 'drop', by: '10%' }, count: 1, examples: [{ key: { target: 'a.com' } }] }],
  });
  expect(data.largest.map(({ key }) => key.target)).toEqual(['a.com', 'b.com', 'd.com']);
  const diff = await diffAt(data.links.diff ?? '');
  expect(diff.counts).toEqual(second?.counts);
  expect(diff.changes).toEqual(expect.arrayContaining([...data.largest]));
});

it('writes a message for Slack where the watch asks for that', async () => {
  const receiver = await startReceiver((response) => response.writeHead(200).end('ok'));
  backlinks.set('x.com', 10);
  const fields: WatchFields = {
    schedule: { every: '1d' },
    endpoint: 'bulk_backlinks',
    webhook: { url: receiver.url, format: 'slack', events: ['watch.alert'] },
    alert: [{ field: 'backlinks', change: 'drop' }],
  };
  await client.setWatchText('slack', fields, 'x.com\n');
  await runNow('slack');
  backlinks.set('x.com', 4);
  const { job } = (await runNow('slack')) ?? {};
  await receiver.received(1);
  const message = JSON.parse(receiver.seen[0]?.body ?? '');
  expect(Object.keys(message)).toEqual(['text']);
  expect(message.text).toContain('*slack*');
  expect(message.text).toContain('x.com: 10 → 4');
  expect(message.text).toContain(job);
});

it('spends no more than its budget, however it is run, and its usage is what the upstream has charged', async () => {
  const targets = Array.from({ length: 30 }, (_, at) => `t${at}.com`);
  for (const target of targets) backlinks.set(target, 1);
  const charged = world.upstream.chargedNanos();
  // A call of 30 targets costs $0.0209; two fit.
  const fields = {
    schedule: { every: '1d' },
    endpoint: 'bulk_backlinks',
    budget: { usd: 0.055, period: 'month' },
  } as const;
  await client.setWatch('frugal', fields, targets);
  await runNow('frugal');
  await runNow('frugal');
  await client.runWatch('frugal');
  const third = async () => (await client.watch('frugal')).run;
  await expect.poll(third, WHILE_POLLING).toMatchObject({ status: 'paused' });
  const id = (await third())?.job ?? '';
  expect(await client.job(id)).toMatchObject({ reason: 'watch_budget', watch: 'frugal', cost: { spent_usd: 0 } });
  await expect(client.resume(id)).rejects.toMatchObject({ status: 409 });
  await expect(client.runWatch('frugal')).rejects.toMatchObject({ status: 409 });

  // A deleted watch stops at once. When it is made again, its earlier spending still counts.
  await client.removeWatch('frugal');
  expect(await client.waitFor(id)).toMatchObject({ status: 'cancelled', rows: { skipped: 30 } });
  await client.setWatch('frugal', fields, targets);
  expect((await client.watch('frugal')).budget?.committed_usd).toBeGreaterThan(0.04);
  await client.runWatch('frugal');
  await expect.poll(third, WHILE_POLLING).toMatchObject({ status: 'paused' });

  const spent = world.upstream.chargedNanos() - charged;
  expect(spent).toBeLessThanOrEqual(nanos(fields.budget.usd));
  const { usage } = await client.usage({ groupBy: ['watch'] });
  expect(nanos(Number(usage.find(({ watch }) => watch === 'frugal')?.spent_usd))).toBe(spent);
  await client.setWatch('frugal', { ...fields, budget: { usd: 1, period: 'month' } });
  await expect.poll(async () => (await client.watchRuns('frugal')).runs, WHILE_POLLING).toHaveLength(1);
  expect((await client.watchRuns('frugal')).runs[0]).toMatchObject({ outcome: 'complete' });
});
