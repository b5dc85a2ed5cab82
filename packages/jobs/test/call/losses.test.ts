import { expect, test } from 'vitest';
import { send } from '../messages.js';
import { countsOf, DOUBT, openSpace, planJob, RESERVE, settlement } from '../planning/space.js';

const LOST = { kind: 'lost', cost: 500, taskId: 't-1' } as const;
/** The upstream's record shows it done, and no cost that can be read. */
const UNPRICED = { kind: 'lost', cost: null, taskId: 't-1' } as const;

async function sendUnknown() {
  const space = await openSpace();
  const job = await planJob(space, { calls: 1 });
  const again = async () => {
    const at = await send(space);
    await space.ledger.markUnknown(at, DOUBT);
    return at;
  };
  return { space, job, again };
}

test('what a lost attempt counts as is counted apart', async () => {
  const { space, again } = await sendUnknown();
  for (const count of ['failures', 'losses', 'deaths', 'losses'] as const) {
    await space.ledger.resolve(await again(), LOST, count);
  }
  expect(await space.calls.live(await again())).toMatchObject({ failures: 1, losses: 2, deaths: 1, attempt: 5 });
});

test('a lost answer without a cost is not lost for nothing: what was reserved stays unconfirmed', async () => {
  const { space, job, again } = await sendUnknown();
  const first = await again();
  await space.ledger.resolve(first, UNPRICED, 'losses');
  expect(await countsOf(space, job)).toMatchObject({ unknown: 0, unconfirmed: RESERVE, spent: 0, wasted: 0 });
  const ledger = space.callList;
  const page = { runs: [{ base: 0, roots: 1 }], after: 0, limit: 1, statuses: new Set(['planned'] as const) };
  const [call] = (await ledger.page(job, page)).calls;
  expect(call?.fates.get(1)).toMatchObject({ fate: 'lost', taskId: 't-1', cost: null });
  // Its answer comes after all, and says what it cost.
  await space.ledger.settle(first, settlement({ ok: 10, cost: 77 }));
  expect(await countsOf(space, job)).toMatchObject({ ok: 10, unconfirmed: 0, spent: 77, wasted: 0 });
});

test.each([
  ['lost', LOST, { unconfirmed: 0, spent: 1000, wasted: 500 }],
  ['lost without a cost', UNPRICED, { unconfirmed: RESERVE, spent: 500, wasted: 0 }],
  ['decided blindly', { kind: 'blind', cost: null } as const, { unconfirmed: RESERVE, spent: 500, wasted: 0 }],
])('a call goes back to an older answer, the latest being %s, and each is counted once', async (_, fate, money) => {
  const { space, job, again } = await sendUnknown();
  const first = await again();
  await space.ledger.resolve(first, LOST, 'losses');
  const second = await again();
  const tenantOpen = space.keys.reservations;
  for (let time = 0; time < 2; time++) await space.ledger.fallBack(second, fate, first.attempt);
  expect(await space.calls.live(first)).toMatchObject({ state: 'unknown', attempt: 1 });
  expect(await space.calls.dueUnknown(await space.calls.now())).toEqual([{ job, call: 1 }]);
  expect(await countsOf(space, job)).toMatchObject({ unknown: 1 });
  const answer = settlement({ ok: 10, cost: 500, id: { taskId: LOST.taskId, nonce: null } });
  expect(await space.ledger.settle(first, answer)).toMatchObject({ result: 'settled', last: true });
  expect((await space.ledger.settle(first, answer)).result).toBe('repeated');
  expect(await countsOf(space, job)).toMatchObject({ ok: 10, unknown: 0, reserved: 0, open: 0, ...money });
  expect((await space.calls.settled(job)).attempt(1)).toBe(1);
  expect(await space.redis.hget(tenantOpen, 'tenant')).toBe('0');
});

test('a call that is known by now goes back to nothing', async () => {
  const { space, job, again } = await sendUnknown();
  const first = await again();
  await space.ledger.resolve(first, LOST, 'losses');
  const second = await send(space);
  const before = await countsOf(space, job);
  await space.ledger.fallBack(second, LOST, 1);
  expect(await countsOf(space, job)).toEqual(before);
  expect(await space.calls.live(second)).toMatchObject({ state: 'sending', attempt: 2 });
});
