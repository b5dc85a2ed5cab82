import { expect, test } from 'vitest';
import { dispatch, grant, send } from '../messages.js';
import { countsOf, DOUBT, openSpace, planJob, SENT_AT, settlement } from '../planning/space.js';

test('a call that is given up without an answer shows what it cost as wasted', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 1 });
  const at = await send(space);
  await space.ledger.markUnknown(at, DOUBT);
  const reply = await space.ledger.settle(at, settlement({ verdict: 'failed', failed: 10, cost: 40, wasted: true }));
  expect(reply).toMatchObject({ result: 'settled', last: true });
  expect(await countsOf(space, job)).toMatchObject({ failed: 10, spent: 40, wasted: 40, unconfirmed: 0, unknown: 0 });
});

test('attempts that could not be sent are counted apart, in a row', async () => {
  const space = await openSpace();
  await planJob(space, { calls: 1 });
  const defer = async (countsAs: 'failure' | 'unsent' | 'nothing') =>
    space.ledger.defer(await send(space), { cost: 0, delayMs: 0, sentAt: SENT_AT, countsAs });
  const asked = async () => {
    const [message] = await dispatch(space);
    if (message === undefined) throw new Error('nothing was dispatched');
    const reply = await grant(space, message);
    await space.permitsOf('one').giveBack(message);
    return reply;
  };
  await defer('unsent');
  await defer('unsent');
  expect(await asked()).toMatchObject({ failures: 0, unsent: 2 });
  await defer('failure');
  expect(await asked()).toMatchObject({ failures: 1, unsent: 0 });
});

test.each(['members', 'tenants', 'ring'])('a tenant may be called %s', async (tenant) => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 2 }, { tenant });
  expect(await dispatch(space, 2)).toHaveLength(2);
  expect(await space.jobSteps.act(job, { action: 'cancel', by: tenant })).toMatchObject({ result: 'done', last: true });
});
