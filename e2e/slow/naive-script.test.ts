import { expect } from 'vitest';
import { z } from 'zod';
import { domains, nanos, test, WHILE_POLLING, type World } from '../harness.js';

const CALLS = 1_000;
const LIMITS = { BACKLINKS_MAX_IN_FLIGHT: '30', BACKLINKS_MAX_PER_MINUTE: '6000', UPSTREAM_MAX_PER_MINUTE: '6000' };

const answer = z.object({
  status_code: z.number(),
  cost: z.number(),
  tasks: z.array(
    z.object({
      status_code: z.number(),
      result: z.array(z.object({ items: z.array(z.object({ target: z.string() })) })),
    }),
  ),
});

/** All at once, as a script does that knows no limits. */
function sendAll({ apiUrl }: World) {
  return domains(CALLS).map(async (target) => {
    const response = await fetch(`${apiUrl}/v3/backlinks/bulk_backlinks/live`, {
      method: 'POST',
      body: JSON.stringify([{ targets: [target] }]),
    });
    return { target, ...answer.parse(await response.json()) };
  });
}

async function checkAll(world: World, sent: ReturnType<typeof sendAll>): Promise<void> {
  const answers = await Promise.all(sent);
  for (const { target, status_code, tasks } of answers) {
    expect([status_code, tasks[0]?.status_code]).toEqual([20000, 20000]);
    expect(tasks[0]?.result[0]?.items).toMatchObject([{ target }]);
  }
  const { requests, totals } = await world.record();
  expect(requests.filter((one) => one.status_code === 40202 || one.status_code === 40209)).toEqual([]);
  expect(totals.max_in_flight).toBeLessThanOrEqual(30);
  const { total } = await world.client.usage();
  expect(nanos(total.spent_usd)).toBe(nanos(totals.cost_usd));
}

test('a thousand live calls at once are all answered, and meet no limit', async ({ open }) => {
  const world = await open(LIMITS, 2);
  await checkAll(world, sendAll(world));
});

test('the same, while a worker is killed', async ({ open }) => {
  const world = await open({ ...LIMITS, UPSTREAM_TIMEOUT_MS: '6000', BACKLINKS_LATENCY_MS: '100' }, 2);
  const sent = sendAll(world);
  const served = async () => (await world.record()).requests.length;
  await expect.poll(served, WHILE_POLLING).toBeGreaterThan(CALLS / 4);
  await world.workers[0]?.child.kill();
  await checkAll(world, sent);
});
