import type { JobRef } from '@linkhaul/storage';
import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/index.js';
import { acceptJob, type Overrides } from '../accept-job.js';
import { dispatch, grant, type Money, placesOf } from '../messages.js';
import { countsOf, DOUBT, openSpace, planJob, recordOf, type Space, settlement } from '../planning/space.js';

const PRICES = { call: 1_000, item: 10 };

/** A bulk call with a number of targets, or a page with up to a number of items. */
const bulk = (items: number): Money => ({ mostItems: items, leastItems: items, prices: PRICES, tenantDaily: null });
const page = (items: number): Money => ({ ...bulk(items), leastItems: 1 });
const priceOf = (items: number) => PRICES.call + PRICES.item * items;

const budgeted = (space: Space, maxCost: number, overrides: Overrides = {}) =>
  planJob(space, { calls: 10, rows: 1 }, { bounds: { maxCost }, ...overrides });

/** Sends the next call, or says why not; a refused call leaves the window, as a worker would have it. */
async function next(space: Space, money = bulk(100)) {
  const [message] = await dispatch(space, (await space.redis.zcard(space.keys.window)) + 1);
  if (message === undefined) return { why: 'nothing to send' };
  const reply = await grant(space, message, { rows: 1, money });
  if (reply.granted) return { message, items: reply.items };
  await space.ledger.shelve(message);
  return { why: reply.why };
}

async function sent(space: Space, money = bulk(100)) {
  const reply = await next(space, money);
  if (reply.message === undefined) throw new Error(`refused: ${reply.why}`);
  return reply.message;
}

async function settle(space: Space, at: Message<'call'>, cost: number) {
  return space.ledger.settle(at, settlement({ ok: 1, items: 100, cost }));
}

describe('a budget of a job', () => {
  test('until an answer confirms the price one call is open; then as many as it pays for', async () => {
    const space = await openSpace();
    const job = await budgeted(space, 3 * priceOf(100));
    const first = await sent(space);
    expect(await next(space)).toEqual({ why: 'short' });
    expect(await recordOf(space, job)).toMatchObject({ status: 'running', short: true });
    expect(await next(space)).toEqual({ why: 'nothing to send' });
    await settle(space, first, priceOf(100));
    const second = await sent(space);
    await sent(space);
    expect(await next(space)).toEqual({ why: 'short' });
    await space.ledger.settle(second, settlement({ ok: 1, items: 0, cost: 0 }));
    await sent(space);
    expect(await next(space)).toEqual({ why: 'short' });
    expect(await countsOf(space, job)).toMatchObject({ spent: priceOf(100), reserved: 2 * priceOf(100) });
  });

  test('over, with nothing open, it pauses the job; more money goes on where it stopped', async () => {
    const space = await openSpace();
    const job = await budgeted(space, 2 * priceOf(100) - 1);
    await settle(space, await sent(space), priceOf(100));
    expect(await next(space)).toEqual({ why: 'budget' });
    expect(await recordOf(space, job)).toMatchObject({ status: 'paused', reason: 'budget', cut: null });
    expect(await placesOf(space, job)).toMatchObject({ ready: [2], window: [] });

    const resume = (budget?: number) =>
      space.jobSteps.act(job, { action: 'resume', by: 'me', ...(budget !== undefined && { budget }) });
    const least = 2 * priceOf(100);
    expect(await resume()).toMatchObject({ result: 'short', status: 'paused', least });
    expect(await resume(least - 1)).toMatchObject({ result: 'short', least });
    expect(await resume(least)).toMatchObject({ result: 'done', status: 'running' });
    await settle(space, await sent(space), priceOf(100));
    expect(await countsOf(space, job)).toMatchObject({ spent: least, reserved: 0, pending: 8 });
    expect((await recordOf(space, job)).history.map(({ action }) => action)).toEqual([
      'submit',
      'pause',
      'set_budget',
      'resume',
    ]);
  });

  test('that is to finish the job skips the rest, and the job completes', async () => {
    const space = await openSpace();
    const job = await budgeted(space, priceOf(100), { on_budget: 'finish' });
    await settle(space, await sent(space), priceOf(100));
    expect(await next(space)).toEqual({ why: 'budget' });
    expect(await space.jobSteps.finish(job)).toBe('completed');
    const record = await recordOf(space, job);
    expect(record).toMatchObject({ cut: 'budget', reason: 'budget', outcome: 'partial' });
    expect(record.counts).toMatchObject({ ok: 1, skipped: 9, pending: 0, open: 0 });
    expect(await space.jobSteps.act(job, { action: 'resume', by: 'me' })).toMatchObject({ result: 'refused' });
  });

  test('asks for the last page with no more than is left, and waits while open calls may free more', async () => {
    const space = await openSpace();
    const job = await budgeted(space, 3 * priceOf(100) + priceOf(40), { endpoint: 'domain_pages' });
    await settle(space, await sent(space, page(100)), priceOf(100));
    const second = await sent(space, page(100));
    const third = await sent(space, page(100));
    expect(await next(space, page(100))).toEqual({ why: 'short' });
    await settle(space, second, priceOf(100));
    expect(await next(space, page(100))).toEqual({ why: 'short' });
    await settle(space, third, priceOf(100));
    const last = await next(space, page(100));
    expect(last).toMatchObject({ items: 40 });
    if (last.message !== undefined) {
      await space.ledger.settle(last.message, settlement({ ok: 1, items: 40, cost: priceOf(40) }));
    }
    expect(await next(space, page(100))).toEqual({ why: 'budget' });
    expect(await countsOf(space, job)).toMatchObject({ spent: 3 * priceOf(100) + priceOf(40), reserved: 0 });
  });

  test('money of a call whose fate is open is held; lost it is spent, not executed it is free, blind it stays', async () => {
    for (const [fate, left] of [
      ['lost', 'budget'],
      ['not_executed', undefined],
      ['blind', 'budget'],
    ] as const) {
      const space = await openSpace();
      const job = await budgeted(space, 2 * priceOf(100));
      await settle(space, await sent(space), priceOf(100));
      const open = await sent(space);
      await space.ledger.markUnknown(open, DOUBT);
      expect(await next(space)).toEqual({ why: 'short' });
      await space.ledger.resolve(open, { kind: fate, cost: fate === 'lost' ? priceOf(100) : 0 }, 'failures');
      expect((await next(space)).why, fate).toBe(left);
      const { spent, reserved, unconfirmed } = await countsOf(space, job);
      expect(spent + reserved + unconfirmed, fate).toBe(2 * priceOf(100));
    }
  });

  test('can be set while the job runs, not below what is spent and open', async () => {
    const space = await openSpace();
    const job = await planJob(space, { calls: 3, rows: 1 });
    await settle(space, await sent(space), priceOf(100));
    await sent(space);
    const set = (budget: number) => space.jobSteps.act(job, { action: 'resume', by: 'me', budget });
    expect(await set(2 * priceOf(100) - 1)).toMatchObject({ result: 'short', least: 2 * priceOf(100) });
    expect(await set(2 * priceOf(100))).toMatchObject({ result: 'done', status: 'running' });
    expect(await next(space)).toEqual({ why: 'short' });
  });
});

describe('a price that is not what it was', () => {
  test('is reserved by from the first answer on, and the job has one call open until it is confirmed', async () => {
    const space = await openSpace();
    const job = await budgeted(space, 10 * priceOf(100));
    await settle(space, await sent(space), 2 * priceOf(100));
    const second = await sent(space);
    expect(await countsOf(space, job)).toMatchObject({ reserved: 2 * priceOf(100) });
    expect(await next(space)).toEqual({ why: 'short' });
    await settle(space, second, 2 * priceOf(100));
    await sent(space);
    await sent(space);
    await sent(space);
    expect(await next(space)).toEqual({ why: 'short' });
  });

  test('is never guessed too low for other sizes, whichever part of it has risen', async () => {
    for (const real of [
      { call: 3_000, item: 10 },
      { call: 1_000, item: 35 },
      { call: 2_000, item: 20 },
    ]) {
      const space = await openSpace();
      const job = await budgeted(space, 1_000_000_000);
      for (const items of [50, 10, 400, 1]) {
        const at = await sent(space, bulk(items));
        const reserved = (await countsOf(space, job)).reserved;
        const cost = real.call + real.item * items;
        if (items !== 50) expect(reserved).toBeGreaterThanOrEqual(cost);
        await space.ledger.settle(at, settlement({ ok: 1, items, cost }));
      }
    }
  });

  test('is forgotten when it is back, and a published one counts where it is higher than the one that is set', async () => {
    const space = await openSpace();
    const job = await budgeted(space, 1_000_000_000);
    const reserved = async () => {
      const at = await sent(space);
      return { at, reserved: (await countsOf(space, job)).reserved };
    };
    await settle(space, (await reserved()).at, 2 * priceOf(100));
    const dear = await reserved();
    expect(dear.reserved).toBe(2 * priceOf(100));
    await settle(space, dear.at, priceOf(100));
    const usual = await reserved();
    expect(usual.reserved).toBe(priceOf(100));
    await settle(space, usual.at, priceOf(100));
    await space.redis.hset(space.keys.prices('localhost'), { 'bulk_backlinks:call': 5_000, 'bulk_backlinks:item': 1 });
    expect((await reserved()).reserved).toBe(5_000 + 10 * 100);
  });
});

describe('a budget of a tenant', () => {
  const DAILY = { ...bulk(100), tenantDaily: 2 * priceOf(100) };

  test('pauses its jobs, which go on when it pays again; others are not held up', async () => {
    const space = await openSpace();
    const { tenants } = space;
    const job = await planJob(space, { calls: 5, rows: 1 });
    await settle(space, await sent(space, DAILY), priceOf(100));
    await settle(space, await sent(space, DAILY), priceOf(100));
    expect(await next(space, DAILY)).toEqual({ why: 'tenant_budget' });
    expect(await recordOf(space, job)).toMatchObject({ status: 'paused', reason: 'tenant_budget' });
    await planJob(space, { calls: 1, rows: 1 }, { tenant: 'other' });
    await sent(space, DAILY);

    const goOn = () =>
      space.jobSteps.act(job, {
        action: 'resume',
        by: 'system',
        reason: 'tenant_budget',
        tenantDaily: DAILY.tenantDaily,
      });
    expect(await goOn()).toMatchObject({ result: 'tenant_short', status: 'paused' });
    await tenants.setBudget('tenant', { budget: 3 * priceOf(100), period: 'month' });
    expect(await goOn()).toMatchObject({ result: 'done', status: 'running' });
    await sent(space, DAILY);
    expect(await tenants.money('tenant')).toMatchObject({
      own: { budget: 3 * priceOf(100), period: 'month' },
      committed: { day: 3 * priceOf(100), month: 3 * priceOf(100) },
    });
  });

  test('does not cut a page short that its next period pays for, but one that no period pays for', async () => {
    const space = await openSpace();
    const pages = (tenantDaily: number) => ({ ...page(100), tenantDaily });
    await planJob(space, { calls: 3, rows: 1 }, { endpoint: 'domain_pages' });
    await settle(space, await sent(space, pages(priceOf(100) + priceOf(40))), priceOf(100));
    expect(await next(space, pages(priceOf(100) + priceOf(40)))).toEqual({ why: 'tenant_budget' });
    await planJob(space, { calls: 1, rows: 1 }, { endpoint: 'domain_pages', tenant: 'small' });
    expect(await next(space, pages(priceOf(40)))).toMatchObject({ items: 40 });
  });

  test('is shared by its jobs: one waits while another holds the money, and goes on when that is free', async () => {
    const space = await openSpace();
    const jobs: JobRef[] = [];
    for (let at = 0; at < 3; at++) jobs.push(await planJob(space, { calls: 5, rows: 1 }));
    const one = await sent(space, DAILY);
    await sent(space, DAILY);
    expect(await next(space, DAILY)).toEqual({ why: 'tenant_short' });
    expect(await recordOf(space, jobs[2] ?? one.job)).toMatchObject({ status: 'running', short: true });
    await space.ledger.defer(one, { cost: 0, delayMs: 60_000, sentAt: Date.now(), countsAs: 'nothing' });
    await sent(space, DAILY);
  });

  test('held by other jobs, it does not cut a page that the job’s own budget cuts already', async () => {
    const space = await openSpace();
    const daily = { ...page(100), tenantDaily: priceOf(100) + priceOf(5) };
    await planJob(space, { calls: 1, rows: 1 });
    const other = await sent(space, daily);
    await budgeted(space, priceOf(60));
    expect(await next(space, daily)).toEqual({ why: 'tenant_short' });
    await space.ledger.defer(other, { cost: 0, delayMs: 60_000, sentAt: Date.now(), countsAs: 'nothing' });
    expect(await next(space, daily)).toMatchObject({ items: 60 });
  });
});

describe('a deadline', () => {
  const overdue = { bounds: { deadline: Date.now() - 1 } };

  test('pauses the job at its next call, or when it is looked at; who resumes it lifts it', async () => {
    const space = await openSpace();
    const sending = await planJob(space, { calls: 2, rows: 1 }, overdue);
    expect(await next(space)).toEqual({ why: 'deadline' });
    expect(await recordOf(space, sending)).toMatchObject({ status: 'paused', reason: 'deadline' });
    const resting = await planJob(space, { calls: 2, rows: 1 }, overdue);
    expect(await space.jobSteps.judgeDeadline(resting)).toEqual({ last: false });
    expect(await recordOf(space, resting)).toMatchObject({ status: 'paused', reason: 'deadline' });
    await space.jobSteps.act(resting, { action: 'resume', by: 'me' });
    expect(await recordOf(space, resting)).toMatchObject({ status: 'running', bounds: { deadline: null } });
    await space.jobSteps.judgeDeadline(resting);
    await sent(space);
  });

  test('finishes a job that is to finish, with what is on its way, also before it is planned', async () => {
    const space = await openSpace();
    const job = await planJob(space, { calls: 3, rows: 1 }, { on_budget: 'finish' });
    const open = await sent(space);
    await space.redis.hset(space.keys.job(job), 'deadline', Date.now() - 1);
    expect(await space.jobSteps.judgeDeadline(job)).toEqual({ last: false });
    expect(await countsOf(space, job)).toMatchObject({ pending: 1, skipped: 2 });
    const late = { action: 'resume', by: 'me', budget: 1_000_000_000 } as const;
    expect(await space.jobSteps.act(job, late)).toMatchObject({ result: 'refused', status: 'running' });
    expect(await next(space)).toEqual({ why: 'nothing to send' });
    expect(await settle(space, open, priceOf(100))).toMatchObject({ last: true });
    expect(await space.jobSteps.finish(job)).toBe('completed');

    const early = await acceptJob(space, { valid: 4 }, { ...overdue, on_budget: 'finish' });
    expect(await space.jobSteps.judgeDeadline(early)).toEqual({ last: true });
    await space.jobSteps.planned(early, { roots: 4, callsPerPart: 1000, manual: false });
    expect(await space.jobSteps.finish(early)).toBe('completed');
    expect(await recordOf(space, early)).toMatchObject({ cut: 'deadline', outcome: 'none', counts: { skipped: 4 } });
  });
});
