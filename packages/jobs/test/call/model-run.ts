import { job as jobSchema } from '@linkhaul/schemas';
import type { JobRef } from '@linkhaul/storage';
import { expect } from 'vitest';
import { type JobRecord, jobView, type Message, type Settlement } from '../../src/index.js';
import { dispatch, grant, NOWHERE, placesOf } from '../messages.js';
import { DOUBT, recordOf, SENT_AT, type Space, settlement } from '../planning/space.js';
import { type Model, ROWS, type Sent } from './model.js';
import type { Step } from './model-steps.js';

/** The counts that a series shows. */
function pickOf({ done, failed_calls, ok, empty, failed, items, spent }: Pick<JobRecord['counts'], Shown>) {
  return { calls: done + failed_calls, ok, empty, failed, items, spent };
}
type Shown = 'done' | 'failed_calls' | 'ok' | 'empty' | 'failed' | 'items' | 'spent';

/** A job and its model; each step is done to both. */
export class Run {
  readonly messages: Message<'call'>[] = [];
  readonly sent: Sent[] = [];
  readonly space: Space;
  readonly job: JobRef;
  readonly model: Model;

  constructor(space: Space, job: JobRef, model: Model) {
    this.space = space;
    this.job = job;
    this.model = model;
  }

  async take(at: Step): Promise<void> {
    await this.once(at);
    await this.check(at.step);
    if (!at.twice) return;
    await this.once(at);
    await this.check(`${at.step} again`);
  }

  private async once(at: Step): Promise<void> {
    const { jobSteps, ledger } = this.space;
    const message = this.messages[at.pick % Math.max(1, this.messages.length)];
    const sent = this.sent[at.pick % Math.max(1, this.sent.length)];
    switch (at.step) {
      case 'dispatch':
        return this.dispatch(1 + (at.pick % 4));
      case 'due':
        return this.due();
      case 'grant':
        return message && this.grant(message, at);
      case 'shelve':
        if (message === undefined) return;
        this.model.shelve(message);
        return ledger.shelve(message);
      case 'pause':
      case 'resume':
      case 'cancel':
        return this.act(at.step);
      case 'finish':
        expect(await jobSteps.finish(this.job)).toBe(this.model.finish());
        return;
      case 'plannedAgain': {
        const again = await jobSteps.planned(this.job, { roots: 99, callsPerPart: 1, manual: true });
        expect(again).toEqual({ last: this.model.closable });
        return;
      }
      default:
        if (sent !== undefined) await this.sentStep(sent, at);
    }
  }

  private async sentStep(sent: Sent, at: Step): Promise<void> {
    const { ledger, permitsOf } = this.space;
    const { message, truth } = sent;
    switch (at.step) {
      case 'settle':
      case 'answerLate':
      case 'defer':
        return truth.kind === 'error' ? this.defer(sent) : this.settle(sent);
      case 'unknown':
        this.model.markUnknown(sent);
        return ledger.markUnknown(message, DOUBT);
      case 'resolve': {
        this.model.resolve(sent, at.fate);
        const reply = await ledger.resolve(
          message,
          { kind: at.fate, cost: at.fate === 'lost' ? truth.cost : 0 },
          'failures',
        );
        expect(reply).toEqual({ last: this.model.closable });
        return;
      }
      case 'park':
        return this.park(sent);
      case 'giveBack':
        if (this.model.giveBack(sent)) this.sent.splice(this.sent.indexOf(sent), 1);
        await permitsOf(sent.worker).giveBack(message);
        return;
      default:
    }
  }

  private async park(sent: Sent): Promise<void> {
    const rows = this.rowsOf(sent.message);
    if (!this.model.park(sent)) return;
    const parked = settlement({ verdict: 'failed', failed: rows, keepUnconfirmed: true });
    await this.space.ledger.settle(sent.message, parked);
  }

  private async settle(sent: Sent): Promise<void> {
    const { message } = sent;
    const answer = this.answerTo(sent);
    const result = this.model.settle(sent);
    expect(await this.space.ledger.settle(message, answer)).toMatchObject({ result, last: this.model.closable });
  }

  /** What a worker would tell the ledger. */
  private answerTo({ message, truth }: Sent): Settlement {
    const rows = this.rowsOf(message);
    const { cost } = truth;
    if (truth.kind === 'refusal') return settlement({ verdict: 'failed', failed: rows, cost, refusal: 'refused' });
    const followers = [...this.model.followers(message, truth)].map(([call, its]) => ({ call, rows: its }));
    const verdict = followers.length > 1 ? 'split' : 'stored';
    return settlement({ verdict, ok: followers.length === 0 ? rows : 0, items: 5, cost, followers });
  }

  private rowsOf({ call }: Message<'call'>): number {
    return this.model.calls.get(call)?.rows ?? ROWS;
  }

  private async defer(sent: Sent): Promise<void> {
    this.model.defer(sent);
    const deferral = { cost: sent.truth.cost, delayMs: 3_600_000, sentAt: SENT_AT, countsAs: 'failure' as const };
    expect(await this.space.ledger.defer(sent.message, deferral)).toEqual({ last: this.model.closable });
  }

  private async act(action: 'pause' | 'resume' | 'cancel'): Promise<void> {
    const result = this.model.act(action);
    const reply = await this.space.jobSteps.act(this.job, { action, by: 'me' });
    expect(reply).toEqual({ result, status: this.model.status, last: this.model.closable, least: 0 });
  }

  private async grant(message: Message<'call'>, { worker, truth }: Pick<Step, 'worker' | 'truth'>): Promise<void> {
    const refused = this.model.grant(message, worker);
    const reply = await grant(this.space, message, { worker, rows: this.rowsOf(message) });
    if (refused === null) this.sent.push({ message, worker, truth });
    if (refused === null || refused === 'again') expect(reply).toMatchObject({ granted: true });
    else expect(reply).toEqual({ granted: false, why: refused });
  }

  private async dispatch(room: number): Promise<void> {
    const { redis, keys } = this.space;
    const most = (await redis.zcard(keys.window)) + room;
    for (const message of await dispatch(this.space, most)) {
      expect(this.model.dispatched(message)).toBeNull();
      this.messages.push(message);
    }
  }

  private async due(): Promise<void> {
    const { redis, keys } = this.space;
    const later = keys.later;
    for (const name of await redis.zrange(later, '0', '-1')) await redis.zadd(later, 0, name);
    this.model.due();
    // They enter the ready ones at the next filling, whatever room it has.
    await dispatch(this.space, 0);
  }

  /** The sums of the job's series. */
  private async overTime(): Promise<ReturnType<typeof pickOf>> {
    const sums = { done: 0, failed_calls: 0, ok: 0, empty: 0, failed: 0, items: 0, spent: 0 };
    for (const { calls, ok, empty, failed, items, spent } of (await this.space.series.of(this.job)).points) {
      sums.done += calls;
      sums.ok += ok;
      sums.empty += empty;
      sums.failed += failed;
      sums.items += items;
      sums.spent += spent;
    }
    return pickOf(sums);
  }

  /** Counters, places and the view, against the model and the laws. */
  private async check(after: string): Promise<void> {
    const record = await recordOf(this.space, this.job);
    const { counts, calls } = this.model;
    expect(record.counts, after).toMatchObject(counts);
    expect(record.status, after).toBe(this.model.status);
    for (const count of Object.values(record.counts)) expect(count, after).toBeGreaterThanOrEqual(0);
    const { pending, ok, empty, failed, invalid, skipped, total } = record.counts;
    expect(pending + ok + empty + failed + invalid + skipped, after).toBe(total);
    expect(await this.overTime(), after).toEqual(pickOf(record.counts));
    jobSchema.parse(jobView(record));
    const places = await placesOf(this.space, this.job);
    const where = (wanted: (call: { state: string; place: string }) => boolean) =>
      [...calls]
        .filter(([, call]) => wanted(call))
        .map(([number]) => number)
        .sort((a, b) => a - b);
    expect({ ...places, ready: null, ringed: null }, after).toEqual({
      window: where(({ place }) => place === 'window'),
      later: where(({ place }) => place === 'later'),
      sending: where(({ state }) => state === 'sending'),
      unknown: where(({ state }) => state === 'unknown'),
      live: where(() => true),
      ready: null,
      ringed: null,
    });
    // A call that was settled while it waited is still in the list, and skipped there.
    const ready = places.ready.filter((call) => calls.has(call)).sort((a, b) => a - b);
    expect(ready, after).toEqual(where(({ place }) => place === 'ready'));
  }

  /** Lets everything end well: the job must close, and leave nothing behind. */
  async drain(): Promise<void> {
    if (this.model.status === 'paused') await this.act('resume');
    for (const sent of [...this.sent]) if (this.model.calls.has(sent.message.call)) await this.settleAny(sent);
    while (this.model.counts.open > 0) {
      await this.due();
      const from = this.messages.length;
      await this.dispatch(10);
      const fresh = this.messages.slice(from);
      expect(fresh.length + this.model.calls.size).toBeGreaterThan(0);
      for (const message of this.messages)
        if (this.model.calls.get(message.call)?.place === 'window') await this.sendAndSettle(message);
    }
    expect(await this.space.jobSteps.finish(this.job)).toBe(this.model.finish());
    await this.check('the end');
    expect(this.model.counts).toMatchObject({ pending: 0, open: 0, in_flight: 0, unknown: 0, reserved: 0 });
    expect(await placesOf(this.space, this.job)).toEqual(NOWHERE);
    const { items, spent, wasted, unconfirmed } = this.model.counts;
    expect(await this.usage()).toMatchObject({ items, spent, wasted, unconfirmed });
  }

  /** What all days together have counted. */
  private async usage(): Promise<Record<string, number>> {
    const { redis, keys } = this.space;
    const sums: Record<string, number> = { items: 0, spent: 0, wasted: 0, unconfirmed: 0 };
    for (const day of await redis.keys(`${keys.root}:usage:*`)) {
      for (const [field, value] of Object.entries(await redis.hgetall(day))) {
        const measure = field.slice(field.indexOf(':') + 1);
        sums[measure] = (sums[measure] ?? 0) + Number(value);
      }
    }
    return sums;
  }

  private async settleAny(sent: Sent): Promise<void> {
    if (sent.truth.kind === 'error') await this.defer(sent);
    else await this.settle(sent);
    await this.check('draining');
  }

  private async sendAndSettle(message: Message<'call'>): Promise<void> {
    const truth = { kind: 'answer', cost: 7, more: false } as const;
    await this.grant(message, { worker: 'one', truth });
    const sent = this.sent.at(-1);
    if (sent?.message === message) await this.settleAny(sent);
  }
}
