import { expect, test } from 'vitest';
import { send } from '../messages.js';
import { countsOf, DOUBT, openSpace, planJob, RESERVE, type Space, settlement } from '../planning/space.js';

const UNPRICED = settlement({ ok: 10, items: 10, cost: 0, unpriced: true });
const COST = 77;

/** What the tenant's budgets count, over day and month. */
async function committed({ redis, keys }: Space): Promise<number[]> {
  const periods = await redis.keys(`${keys.root}:committed:tenant:*`);
  return (await Promise.all(periods.map((period) => redis.get(period)))).map(Number);
}

async function sendOne() {
  const space = await openSpace();
  const job = await planJob(space, { calls: 1 });
  const { unpriced } = space;
  return { space, job, at: await send(space), unpriced };
}

test.each([
  ['at once', async () => undefined],
  ['after it was unknown', (space: Space, at: Awaited<ReturnType<typeof send>>) => space.ledger.markUnknown(at, DOUBT)],
])(
  'an answer without a cost, %s, settles its call, and the reserve is unconfirmed until the cost is known',
  async (_, before) => {
    const { space, job, at, unpriced } = await sendOne();
    const sentAt = (await space.calls.live(at))?.sentAt ?? 0;
    await before(space, at);
    for (let time = 0; time < 2; time++) await space.ledger.settle(at, { ...UNPRICED, sentAt });
    expect(await countsOf(space, job)).toMatchObject({
      ok: 10,
      open: 0,
      reserved: 0,
      unknown: 0,
      unconfirmed: RESERVE,
      spent: 0,
    });
    expect(new Set(await committed(space))).toEqual(new Set([RESERVE]));
    // Nothing is open: the job closes, and does not wait for its cost.
    expect(await space.jobSteps.finish(job)).toBe('completed');

    const [due] = await unpriced.due(Number.MAX_SAFE_INTEGER);
    expect(due).toEqual({ job, call: 1, attempt: 1 });
    for (let time = 0; time < 2; time++)
      await unpriced.confirm({ job, call: 1, attempt: 1 }, { cost: COST, items: 10 });
    expect(await countsOf(space, job)).toMatchObject({ ok: 10, unconfirmed: 0, spent: COST, wasted: 0 });
    expect(new Set(await committed(space))).toEqual(new Set([COST]));
    expect(await unpriced.due(Number.MAX_SAFE_INTEGER)).toEqual([]);
  },
);

test('an answer without a cost confirms the price: a budgeted job goes on, and its budget counts the reserve', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 4 }, { bounds: { maxCost: 3 * RESERVE } });
  const first = await send(space);
  await space.ledger.settle(first, UNPRICED);
  await send(space);
  await send(space);
  expect(await countsOf(space, job)).toMatchObject({ in_flight: 2, reserved: 2 * RESERVE, unconfirmed: RESERVE });
  await expect(send(space)).rejects.toThrow();
});

test('what the record has said of a lost attempt is what its answer cost, where that comes late and does not say it', async () => {
  const { space, job, at, unpriced } = await sendOne();
  await space.ledger.markUnknown(at, DOUBT);
  await space.ledger.resolve(at, { kind: 'lost', cost: COST, taskId: null }, 'losses');
  expect(await countsOf(space, job)).toMatchObject({ spent: COST, wasted: COST });
  await space.ledger.settle(at, UNPRICED);
  expect(await countsOf(space, job)).toMatchObject({ ok: 10, spent: COST, wasted: 0, unconfirmed: 0 });
  expect(await unpriced.due(Number.MAX_SAFE_INTEGER)).toEqual([]);
});

test('an answer without a cost leaves in doubt what was decided blindly, until the record says it', async () => {
  const { space, job, at, unpriced } = await sendOne();
  await space.ledger.markUnknown(at, DOUBT);
  await space.ledger.resolve(at, { kind: 'blind', cost: null }, 'losses');
  await space.ledger.settle(at, UNPRICED);
  expect(await countsOf(space, job)).toMatchObject({ ok: 10, spent: 0, unconfirmed: RESERVE });
  await unpriced.confirm({ job, call: 1, attempt: 1 }, { cost: COST, items: 10 });
  expect(await countsOf(space, job)).toMatchObject({ spent: COST, unconfirmed: 0 });
});

test('an answer without a cost that comes too late to count leaves its money in doubt, and another sending does not end that', async () => {
  const { space, job, at, unpriced } = await sendOne();
  await space.ledger.markUnknown(at, DOUBT);
  await space.ledger.resolve(at, { kind: 'blind', cost: null }, 'losses');
  await space.ledger.settle(await send(space), settlement({ ok: 10, cost: 5 }));
  for (let time = 0; time < 2; time++) await space.ledger.settle(at, UNPRICED);
  expect(await countsOf(space, job)).toMatchObject({ ok: 10, spent: 5, unconfirmed: RESERVE });
  await unpriced.confirm({ job, call: 1, attempt: 1 }, { cost: COST, items: null });
  expect(await countsOf(space, job)).toMatchObject({ spent: 5 + COST, unconfirmed: 0 });
});

test('a cost above what was reserved makes a budgeted job send one call until an answer shows the price', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 4 }, { bounds: { maxCost: 100 * RESERVE } });
  await space.ledger.settle(await send(space), UNPRICED);
  const { unpriced } = space;
  await unpriced.confirm({ job, call: 1, attempt: 1 }, { cost: 2 * RESERVE, items: 1 });
  await send(space);
  await expect(send(space)).rejects.toThrow();
  expect(await countsOf(space, job)).toMatchObject({ in_flight: 1, spent: 2 * RESERVE });
  expect((await countsOf(space, job)).reserved).toBeGreaterThanOrEqual(2 * RESERVE);
});

test('nothing is confirmed of a job that has gone', async () => {
  const { space, job, at, unpriced } = await sendOne();
  await space.ledger.settle(at, UNPRICED);
  for (const key of await space.redis.keys(`${space.keys.job(job)}*`)) await space.redis.del(key);
  await unpriced.confirm({ job, call: 1, attempt: 1 }, { cost: COST, items: 10 });
  expect(await space.redis.exists(space.keys.job(job))).toBe(0);
  expect(await unpriced.due(Number.MAX_SAFE_INTEGER)).toEqual([]);
});
