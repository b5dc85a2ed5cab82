import { createOrphans } from '@linkhaul/jobs';
import { storeAnswer } from '@linkhaul/storage';
import { expect, it } from 'vitest';
import { lookUp } from '../../src/look-up/look-up.js';
import { settleStored } from '../../src/settle/settle-stored.js';
import { markOrphans } from '../../src/upkeep/mark-orphans.js';
import { entryOf, loseAnswer } from '../look-up/record-upstream.js';
import { allOf, COST, headerOf } from '../redis-loss/lose-writes.js';

it('an answer that a living worker holds is not bought again, however long storage is away', async () => {
  const { testWorker, services, job, write, call, counts } = await loseAnswer();
  const { redis, keys } = testWorker;
  const { calls, storage } = testWorker.services;
  const [sent] = await testWorker.send(job);
  if (sent === undefined) throw new Error('the call is not to be sent');
  const orphansFor = (worker: string) => createOrphans(testWorker, worker);
  await orphansFor('w').beat();
  // Its lease ran out long ago.
  const sentAt = sent.sentAt - 2 * services.env.limits.leaseMs;
  await redis.hset(keys.call(sent.job, sent.call), 'sent_at', sentAt);
  await redis.zincrby(keys.sending, sentAt - sent.sentAt, `tenant/${job.id}/1`);
  await redis.set(keys.epoch, `first.run.${(sentAt - 1) * 1000}`);
  const other = { ...services, worker: 'other', orphans: orphansFor('other') };
  await markOrphans(other);
  write([entryOf({ ...sent, sentAt })]);
  await lookUp(other);
  expect(await call()).toMatchObject({ state: 'sending', attempt: 1, losses: 0 });

  // Storage is back.
  await storeAnswer(storage, job, { header: headerOf(sent, allOf(sent), 'task'), body: Buffer.from('{}') });
  await settleStored(sent, sent.planned, testWorker.services);
  expect(await counts()).toMatchObject({ ok: 10, spent: COST, wasted: 0, unconfirmed: 0 });
  expect(await calls.live(sent)).toBeNull();
});
