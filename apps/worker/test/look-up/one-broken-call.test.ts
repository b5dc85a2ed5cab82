import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { callLease, createAftermath } from '@linkhaul/jobs';
import { paths, storeAnswer } from '@linkhaul/storage';
import { describe, expect, it } from 'vitest';
import { createJobSource } from '../../src/cache/job-source.js';
import type { SentAttempt } from '../../src/call/sent-attempt.js';
import { lookUp } from '../../src/look-up/look-up.js';
import { createAccounting } from '../../src/redis-loss/account-for-entry.js';
import { sweepRecord } from '../../src/redis-loss/sweep-record.js';
import { entryOf as accountedEntryOf, allOf, headerOf, targetsOf } from '../redis-loss/lose-writes.js';
import type { TestWorker } from '../test-worker.js';
import { entryOf, loseAnswer } from './record-upstream.js';

/** A call whose answer is lost, and a call of another job that is handled before it. */
async function loseTwo() {
  const lost = await loseAnswer();
  const { testWorker, send } = lost;
  const healthy = await send();
  const [broken] = await testWorker.send(await testWorker.plan([targetsOf(10)]));
  if (broken === undefined) throw new Error('the call is not to be sent');
  const { ledger, calls } = testWorker.services;
  const toUnknown = async () => {
    await ledger.markUnknown(broken, { by: 'w', lookUpAfterMs: 0 });
    await calls.lookAgainAt(broken, 0);
    await calls.lookAgainAt(healthy, 1);
  };
  return { ...lost, healthy, broken, toUnknown };
}

/** Makes reading an answer fail: puts a folder in its place. */
async function breakAnswer({ folder }: TestWorker, at: SentAttempt): Promise<void> {
  await mkdir(join(folder, paths.answer(at.job, at.call, at.attempt)), { recursive: true });
}

describe('a call that cannot be handled does not hold up another', () => {
  it('if its answer cannot be read', async () => {
    const { testWorker, write, call, healthy, broken, toUnknown, services } = await loseTwo();
    const { calls } = testWorker.services;
    await toUnknown();
    await breakAnswer(testWorker, broken);
    write([entryOf(healthy)]);
    await lookUp(services);
    expect(await call()).toMatchObject({ state: 'planned', losses: 1 });
    expect(await calls.live(broken)).toMatchObject({ state: 'unknown' });
    expect(await calls.dueUnknown(await calls.now())).toEqual([]);
  });

  it('if it is settled except for its cost, and its answer cannot be read', async () => {
    const { testWorker, write, call, healthy, broken, services } = await loseTwo();
    const { calls, unpriced } = testWorker.services;
    await testWorker.redis.zadd(testWorker.keys.unpriced, 0, callLease(broken));
    await breakAnswer(testWorker, broken);
    write([entryOf(healthy)]);
    await lookUp(services);
    expect(await call()).toMatchObject({ state: 'planned', losses: 1 });
    expect(await testWorker.redis.zcard(testWorker.keys.unpriced)).toBe(1);
    expect(await unpriced.due(await calls.now())).toEqual([]);
  });

  it('if its part of the plan is gone, and the record has a request without a tag', async () => {
    const { testWorker, write, call, healthy, broken, toUnknown, services } = await loseTwo();
    const { calls, store, storage } = testWorker.services;
    await toUnknown();
    await rm(join(testWorker.folder, paths.job(broken.job), 'plan'), { recursive: true });
    const { metadata, ...entry } = entryOf(healthy);
    write([{ ...entry, id: 'nameless', metadata: { targets: metadata.targets } }, entryOf(healthy)]);
    await lookUp({ ...services, source: createJobSource(store, storage) });
    expect(await call()).toMatchObject({ state: 'planned', losses: 1 });
    expect(await calls.live(broken)).toMatchObject({ state: 'unknown' });
  });

  it('if Redis has lost its settlement, and its answer cannot be read', async () => {
    const { testWorker, services, job } = await loseAnswer();
    const { redis, keys } = testWorker;
    const { calls, store, storage } = testWorker.services;
    const [healthy] = await testWorker.send(job);
    const [broken] = await testWorker.send(await testWorker.plan([targetsOf(10)]));
    if (healthy === undefined || broken === undefined) throw new Error('a call is not to be sent');
    await redis.zincrby(keys.sending, -1000, `tenant/${broken.job.id}/1`);
    await breakAnswer(testWorker, broken);
    const header = headerOf(healthy, allOf(healthy), 'task');
    await storeAnswer(storage, job, { header, body: Buffer.from('{}') });
    const now = await calls.now();
    await redis.hset(keys.aftermath('a'), { changed_at: now, from: now - 1000, at: 0 });
    const aftermath = createAftermath(testWorker, 'a');
    await sweepRecord({ ...services, store, aftermath });
    expect(await calls.live(healthy)).toBeNull();
    expect(await calls.live(broken)).toMatchObject({ state: 'sending' });
    expect(await aftermath.due(now)).toBeNull();
  });

  it('if the record shows it after Redis lost writes, and its answer cannot be read', async () => {
    const { testWorker, broken, services } = await loseTwo();
    const { ledger, calls } = testWorker.services;
    await ledger.defer(broken, { cost: 0, sentAt: await calls.now(), delayMs: 0, countsAs: 'nothing' });
    await breakAnswer(testWorker, broken);
    const accounting = createAccounting({ ...services, store: testWorker.services.store }, { doneAfterMs: 0 });
    expect(await accounting.accountFor(accountedEntryOf(broken, 'task'))).toBe('unfinished');
  });
});
