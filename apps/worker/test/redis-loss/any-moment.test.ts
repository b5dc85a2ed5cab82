import { attemptTag, callLease } from '@linkhaul/jobs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { slowTries } from '../../../../e2e/env.js';
import type { SentAttempt } from '../../src/call/sent-attempt.js';
import { createAccounting } from '../../src/redis-loss/account-for-entry.js';
import { settleFrom, settleStored } from '../../src/settle/settle-stored.js';
import { allOf, COST, DEFERRED, entryOf, momentOf, openJob, targetsOf } from './lose-writes.js';

const CALLS = 3;
const ROWS = 2;
const MONEY = { mostItems: 1, leastItems: 1, prices: { call: 0, item: 1 }, tenantDaily: null };

interface Sending {
  readonly sent: SentAttempt;
  readonly taskId: string;
  /** False while its worker waits for the answer. */
  isOver: boolean;
}

/** A job whose Redis sometimes goes back to an earlier moment, unlike the worker, storage and the upstream. */
class Run {
  readonly sendings: Sending[] = [];
  /** Calls whose answer is stored: none may be sent again. */
  readonly stored = new Set<number>();
  lose: (() => Promise<void>) | null = null;
  readonly world: Awaited<ReturnType<typeof openJob>>;

  constructor(world: Awaited<ReturnType<typeof openJob>>) {
    this.world = world;
  }

  async take(step: 'remember' | 'send' | 'answer' | 'defer' | 'lose', pick: number): Promise<void> {
    const open = this.sendings.filter(({ isOver }) => !isOver);
    const sending = open[pick % Math.max(1, open.length)];
    if (step === 'remember') this.lose = await momentOf(this.world.testWorker);
    if (step === 'lose') await this.lose?.();
    if (step === 'send') await this.send();
    if (sending !== undefined && (step === 'answer' || step === 'defer')) await this.answer(sending, step === 'defer');
  }

  /** What a worker does with every call that is ready. */
  async send(): Promise<void> {
    const { testWorker, services, job, planned } = this.world;
    await services.dispatcher.announce(1000);
    await services.dispatcher.fill();
    for (const call of (await testWorker.redis.smembers(testWorker.keys.live(job))).map(Number)) {
      const live = await services.calls.live({ job, call });
      if (live?.state !== 'planned') continue;
      const at = { job, call, attempt: live.attempt + 1, rows: ROWS, money: MONEY };
      let grant = await services.permits.grant(at, services.stopping);
      if (!grant.granted && grant.epoch !== undefined) {
        if ((await settleFrom(at, planned, services)) !== null) continue;
        grant = await services.permits.grant({ ...at, checkedUnder: grant.epoch }, services.stopping);
      }
      if (!grant.granted) continue;
      expect(this.stored.has(call)).toBe(false);
      const { nonce, sentAt } = grant;
      const tag = attemptTag({ jobId: job.id, call, attempt: at.attempt, nonce });
      const targets = await services.source.targets(job, planned.plan, call);
      const sent = {
        job,
        call,
        attempt: at.attempt,
        tag,
        nonce,
        planned,
        targets,
        copies: null,
        pageToken: null,
        sentAt,
        failures: 0,
        unsent: 0,
        items: 1,
      };
      this.sendings.push({ sent, taskId: `task-${this.sendings.length}`, isOver: false });
    }
  }

  async answer(sending: Sending, isDeferred: boolean): Promise<void> {
    const { sent, taskId } = sending;
    sending.isOver = true;
    await this.world.services.permits.release(callLease(sent));
    const isFirst = await this.world.answer(sent, isDeferred ? DEFERRED : allOf(sent), taskId);
    if (isFirst && !isDeferred) this.stored.add(sent.call);
  }

  /** Its answer never comes, and the record shows it as done. */
  async loseAnswer(sending: Sending): Promise<void> {
    const { ledger, permits } = this.world.services;
    sending.isOver = true;
    await permits.release(callLease(sending.sent));
    await ledger.markUnknown(sending.sent, { by: 'w', lookUpAfterMs: 0 });
    const live = await this.world.services.calls.live(sending.sent);
    if (live?.nonce !== sending.sent.nonce) return;
    await ledger.resolve(sending.sent, { kind: 'lost', cost: COST, taskId: sending.taskId }, 'losses');
  }

  /** Handles calls that Redis has as sending although no worker waits for them, as the sweep and look-ups do. */
  async settleRestored(): Promise<void> {
    const { testWorker, services, job, planned } = this.world;
    for (const call of (await testWorker.redis.smembers(testWorker.keys.live(job))).map(Number)) {
      const live = await services.calls.live({ job, call });
      if (live === null || live.state === 'planned') continue;
      const at = { job, call, attempt: live.attempt };
      if ((await settleStored(at, planned, services)) !== null) continue;
      const known = this.sendings.find(({ sent }) => sent.call === call && sent.nonce === live.nonce);
      if (known?.isOver) await this.loseAnswer(known);
    }
  }

  async account(): Promise<void> {
    const accounting = createAccounting(this.world.services, { doneAfterMs: 60_000 });
    for (const { sent, taskId } of this.sendings) await accounting.accountFor(entryOf(sent, taskId));
  }

  async drain(): Promise<void> {
    for (const [at, sending] of this.sendings.entries()) {
      if (!sending.isOver) await (at % 2 === 0 ? this.loseAnswer(sending) : this.answer(sending, false));
    }
    for (;;) {
      await this.settleRestored();
      await this.send();
      const open = this.sendings.filter(({ isOver }) => !isOver);
      for (const sending of open) await this.answer(sending, false);
      if (((await this.world.counts())?.open ?? 0) === 0) break;
    }
    await this.account();
  }
}

it('no stored answer is bought again, and spent is all that was paid, whenever Redis goes back to an earlier moment', async () => {
  const steps = fc.array(fc.tuple(fc.constantFrom('remember', 'send', 'send', 'answer', 'defer', 'lose'), fc.nat(9)), {
    minLength: 6,
    maxLength: 16,
    size: 'max',
  });
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const run = new Run(
        await openJob(
          Array.from({ length: CALLS }, () => targetsOf(ROWS)),
          'bulk_backlinks',
        ),
      );
      for (const step of ['remember', 'send', 'answer', 'lose', 'send'] as const) await run.take(step, 0);
      for (const [step, pick] of taken) await run.take(step, pick);
      await run.drain();
      const all = { ok: CALLS * ROWS, pending: 0, open: 0, in_flight: 0, unknown: 0, reserved: 0, unconfirmed: 0 };
      expect(await run.world.counts()).toMatchObject({ ...all, spent: COST * run.sendings.length });
    }),
    { numRuns: slowTries(8), endOnFailure: true },
  );
});
