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

/** A call whose answer is lost, and one of another job that is looked at before it. */
async function loseTwo() {
  const lost = await loseAnswer();
  const { parts, send } = lost;
  const healthy = await send();
  const [broken] = await parts.send(await parts.plan([targetsOf(10)]));
  if (broken === undefined) throw new Error('the call is not to be sent');
  const { ledger, calls } = parts.services;
  const toUnknown = async () => {
    await ledger.markUnknown(broken, { by: 'w', lookUpAfterMs: 0 });
    await calls.lookAgainAt(broken, 0);
    await calls.lookAgainAt(healthy, 1);
  };
  return { ...lost, healthy, broken, toUnknown };
}

/** Reading the answer fails: a folder is in its place. */
async function breakAnswer({ folder }: TestWorker, at: SentAttempt): Promise<void> {
  await mkdir(join(folder, paths.answer(at.job, at.call, at.attempt)), { recursive: true });
}

describe('what is wrong with one call holds up no other', () => {
  it('where its answer cannot be read', async () => {
    const { parts, write, call, healthy, broken, toUnknown, services } = await loseTwo();
    const { calls } = parts.services;
    await toUnknown();
    await breakAnswer(parts, broken);
    write([entryOf(healthy)]);
    await lookUp(services);
    expect(await call()).toMatchObject({ state: 'planned', losses: 1 });
    expect(await calls.live(broken)).toMatchObject({ state: 'unknown' });
    expect(await calls.dueUnknown(await calls.now())).toEqual([]);
  });

  it('where the answer of a call that is settled, but for its cost, cannot be read', async () => {
    const { parts, write, call, healthy, broken, services } = await loseTwo();
    const { calls, unpriced } = parts.services;
    await parts.redis.zadd(parts.keys.unpriced, 0, callLease(broken));
    await breakAnswer(parts, broken);
    write([entryOf(healthy)]);
    await lookUp(services);
    expect(await call()).toMatchObject({ state: 'planned', losses: 1 });
    expect(await parts.redis.zcard(parts.keys.unpriced)).toBe(1);
    expect(await unpriced.due(await calls.now())).toEqual([]);
  });

  it('where its part of the plan is gone, and the record has a request without a tag', async () => {
    const { parts, write, call, healthy, broken, toUnknown, services } = await loseTwo();
    const { calls, store, storage } = parts.services;
    await toUnknown();
    await rm(join(parts.folder, paths.job(broken.job), 'plan'), { recursive: true });
    const { metadata, ...entry } = entryOf(healthy);
    write([{ ...entry, id: 'nameless', metadata: { targets: metadata.targets } }, entryOf(healthy)]);
    await lookUp({ ...services, source: createJobSource(store, storage) });
    expect(await call()).toMatchObject({ state: 'planned', losses: 1 });
    expect(await calls.live(broken)).toMatchObject({ state: 'unknown' });
  });

  it('where Redis has lost its settlement, and its answer cannot be read', async () => {
    const { parts, services, job } = await loseAnswer();
    const { redis, keys } = parts;
    const { calls, store, storage } = parts.services;
    const [healthy] = await parts.send(job);
    const [broken] = await parts.send(await parts.plan([targetsOf(10)]));
    if (healthy === undefined || broken === undefined) throw new Error('a call is not to be sent');
    await redis.zincrby(keys.sending, -1000, `tenant/${broken.job.id}/1`);
    await breakAnswer(parts, broken);
    const header = headerOf(healthy, allOf(healthy), 'task');
    await storeAnswer(storage, job, { header, body: Buffer.from('{}') });
    const now = await calls.now();
    await redis.hset(keys.aftermath('a'), { changed_at: now, from: now - 1000, at: 0 });
    const aftermath = createAftermath(parts, 'a');
    await sweepRecord({ ...services, store, aftermath });
    expect(await calls.live(healthy)).toBeNull();
    expect(await calls.live(broken)).toMatchObject({ state: 'sending' });
    expect(await aftermath.due(now)).toBeNull();
  });

  it('where the record shows it after a change of Redis, and its answer cannot be read', async () => {
    const { parts, broken, services } = await loseTwo();
    const { ledger, calls } = parts.services;
    await ledger.defer(broken, { cost: 0, sentAt: await calls.now(), delayMs: 0, countsAs: 'nothing' });
    await breakAnswer(parts, broken);
    const accounting = createAccounting({ ...services, store: parts.services.store }, { doneAfterMs: 0 });
    expect(await accounting.accountFor(accountedEntryOf(broken, 'task'))).toBe('open');
  });
});
