import type { JobRef } from '@linkhaul/storage';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tries } from '../../../../e2e/env.js';
import type { Message } from '../../src/index.js';
import { dispatch, grant } from '../messages.js';
import { openSpace, planJob, recordOf, type Space, settlement, spaceOn } from '../planning/space.js';
import { newPrefix } from '../redis.js';

const TENANTS = ['a', 'b', 'c'] as const;
const JOBS_EACH = 2;
const CALLS = 6;
const MOST_UNREADABLE = 3;

/** Times of now become the number of a step. */
const RENUMBER = `
  for n, key in ipairs(KEYS) do
    local known = redis.call('HGETALL', key)
    for at = 1, #known, 2 do
      local isTime = n == 2 or string.sub(known[at], 1, 5) == 'since' or known[at] == 'resumed_at'
      if isTime and tonumber(known[at + 1]) > 1e9 then
        redis.call('HSET', key, known[at], ARGV[1])
      end
    end
  end`;

interface Step {
  readonly step: 'send' | 'read' | 'empty' | 'unreadable' | 'resume' | 'pass';
  readonly pick: number;
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    step: fc.oneof(
      { weight: 4, arbitrary: fc.constant('send' as const) },
      { weight: 4, arbitrary: fc.constant('unreadable' as const) },
      { weight: 2, arbitrary: fc.constant('resume' as const) },
      { weight: 1, arbitrary: fc.constantFrom<Step['step']>('read', 'empty', 'pass') },
    ),
    pick: fc.nat(1000),
  }),
  { minLength: 20, maxLength: 50 },
);

interface Sent {
  readonly message: Message<'call'>;
  readonly job: number;
  /** The step at which it was sent. */
  readonly at: number;
}

interface Mark {
  count: number;
  since: number | null;
  trial: Sent | null;
}

/** What is known of the endpoint, computed without Redis, at steps in place of times. */
class Model {
  readonly paused = new Set<number>();
  readonly resumedAt = new Map<number, number>();
  readonly open: Sent[] = [];
  readonly marks = new Map<string, Mark>();
  readonly met = new Set<string>();
  readonly due = new Map<string, number>();
  sinceForAll: number | null = null;
  /** Unreadable answers that a tenant paid for since a job of it was resumed, or one was read. */
  readonly bought = new Map<string, number>();

  mark(tenant: string): Mark {
    const known = this.marks.get(tenant) ?? { count: 0, since: null, trial: null };
    this.marks.set(tenant, known);
    return known;
  }

  isBound(tenant: string): boolean {
    return this.mark(tenant).since !== null || this.sinceForAll !== null;
  }

  maySend(job: number): boolean {
    if (this.paused.has(job)) return false;
    const tenant = tenantOf(job);
    if (!this.isBound(tenant)) return true;
    const { trial } = this.mark(tenant);
    return !this.open.some((sent) => sent.job === job) && (trial === null || !this.open.includes(trial));
  }

  sent(sent: Sent): void {
    this.open.push(sent);
    if (this.isBound(tenantOf(sent.job))) this.mark(tenantOf(sent.job)).trial = sent;
  }

  read({ job, at }: Sent): void {
    const tenant = tenantOf(job);
    const mark = this.mark(tenant);
    if (mark.count > 0 && at >= (mark.since ?? 0)) {
      this.marks.delete(tenant);
      this.met.delete(tenant);
      this.due.delete(tenant);
    }
    if (this.sinceForAll !== null && at >= this.sinceForAll) {
      this.sinceForAll = null;
      this.met.clear();
      this.due.delete('');
    }
  }

  unreadable({ job, at }: Sent, now: number): void {
    const tenant = tenantOf(job);
    const mark = this.mark(tenant);
    const before = mark.since ?? this.sinceForAll;
    mark.count++;
    const isMet = mark.count >= MOST_UNREADABLE;
    if (!isMet && this.sinceForAll === null) return;
    if (isMet) mark.since ??= now;
    const isNew = isMet && !this.met.has(tenant);
    if (isMet) this.met.add(tenant);
    if (isNew && this.sinceForAll === null && this.met.size > 1) {
      this.sinceForAll = now;
      this.due.set('', now);
    } else if (at >= (before ?? 0)) this.due.set(tenant, now);
    this.paused.add(job);
  }

  pass(): void {
    for (const [tenant, at] of this.due) {
      for (let job = 0; job < TENANTS.length * JOBS_EACH; job++) {
        const isOfIt = tenant === '' || tenantOf(job) === tenant;
        if (isOfIt && (this.resumedAt.get(job) ?? -1) < at) this.paused.add(job);
      }
    }
    this.due.clear();
  }
}

function tenantOf(job: number): string {
  return TENANTS[job % TENANTS.length] ?? '';
}

/** The endpoint and its model; each step is done to both. */
class Run {
  readonly model = new Model();
  readonly space: Space;
  readonly jobs: readonly JobRef[];
  now = 1;

  constructor(space: Space, jobs: readonly JobRef[]) {
    this.space = space;
    this.jobs = jobs;
  }

  async take({ step, pick }: Step): Promise<void> {
    const { model } = this;
    this.now++;
    const job = pick % this.jobs.length;
    if (step === 'send') await this.send();
    else if (step === 'resume') await this.resume(job);
    else if (step === 'pass') {
      await this.space.changedEndpoints.pauseJobs();
      model.pass();
    } else if (model.open.length > 0) await this.answer(step, pick % model.open.length);
    await this.keepTime();
    await this.check(step);
  }

  /** Whichever job is next; it may send exactly when the model says so. */
  async send(): Promise<boolean> {
    const { space, model } = this;
    const [message] = await dispatch(space, (await space.redis.zcard(space.keys.window)) + 1);
    if (message === undefined) return false;
    const job = this.jobs.findIndex(({ id }) => id === message.job.id);
    const reply = await grant(space, message);
    expect(reply.granted, `job ${job} at step ${this.now}`).toBe(model.maySend(job));
    if (reply.granted) model.sent({ message, job, at: this.now });
    else await space.ledger.shelve(message);
    return true;
  }

  async answer(how: 'read' | 'empty' | 'unreadable', at: number): Promise<void> {
    const { model, space } = this;
    const [sent] = model.open.splice(at, 1);
    if (sent === undefined) return;
    const what = {
      read: { ok: 10, items: 10 },
      empty: { empty: 10 },
      unreadable: { verdict: 'failed', failed: 10, failedCode: 'answer_unreadable' },
    } as const;
    await space.ledger.settle(sent.message, settlement({ sentAt: sent.at, cost: 1, ...what[how] }));
    if (how === 'read') model.read(sent);
    if (how === 'unreadable') model.unreadable(sent, this.now);
  }

  async resume(job: number): Promise<void> {
    const ref = this.jobs[job];
    if (ref === undefined) return;
    const { result } = await this.space.jobSteps.act(ref, { action: 'resume', by: 'me' });
    expect(result).toBe(this.model.paused.has(job) ? 'done' : 'same');
    if (this.model.paused.delete(job)) this.model.resumedAt.set(job, this.now);
  }

  /** Redis' clock is too coarse to tell two steps apart: what it has just noted becomes the number of the step. */
  private async keepTime(): Promise<void> {
    const { redis, keys } = this.space;
    const noted = [keys.unreadable('localhost', 'bulk_backlinks'), keys.toPause, ...this.jobs.map(keys.job)];
    await redis.eval(RENUMBER, noted.length, ...noted, this.now);
  }

  private async check(step: string): Promise<void> {
    const records = await Promise.all(this.jobs.map((job) => recordOf(this.space, job)));
    const paused = records.map(({ status }) => status === 'paused');
    expect(paused, `after ${step} at step ${this.now}`).toEqual(this.jobs.map((_, job) => this.model.paused.has(job)));
    const due = Object.keys(await this.space.redis.hgetall(this.space.keys.toPause));
    expect(due.map((field) => field.split(' ')[2] ?? '').sort()).toEqual([...this.model.due.keys()].sort());
  }

  /** Whatever happened: with everything resumed and every answer read, each job comes to its end. */
  async drain(): Promise<void> {
    for (let job = 0; job < this.jobs.length; job++) await this.resume(job);
    this.model.due.clear();
    await this.space.redis.del(this.space.keys.toPause);
    for (;;) {
      this.now++;
      const went = await this.send();
      if (!went && this.model.open.length === 0) break;
      if (!went) await this.answer('read', 0);
      await this.keepTime();
    }
    const records = await Promise.all(this.jobs.map((job) => recordOf(this.space, job)));
    expect(records.map(({ counts }) => counts.open)).toEqual(this.jobs.map(() => 0));
  }
}

test('whatever comes in which order, jobs are paused and call one at a time as a model of it says, and none sleeps for good', async () => {
  const { redis, subscriber } = await openSpace();
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const space = spaceOn({ redis, subscriber, prefix: newPrefix(redis) });
      await space.permitsOf('one').firstBoot();
      const jobs: JobRef[] = [];
      for (let job = 0; job < TENANTS.length * JOBS_EACH; job++) {
        jobs.push(await planJob(space, { calls: CALLS }, { tenant: tenantOf(job) }));
      }
      const run = new Run(space, jobs);
      // Some are in flight when the first answer comes.
      for (let sent = 0; sent < 2 * jobs.length; sent++) await run.send();
      for (const step of taken) await run.take(step);
      await run.drain();
    }),
    { numRuns: tries(4) },
  );
});
