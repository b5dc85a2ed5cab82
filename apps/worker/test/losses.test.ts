import { storeAnswer } from '@linkhaul/storage';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countsAs, isLast } from '../src/stages/failures.js';
import type { Fate } from '../src/stages/fate.js';
import { COST, entryOf, loseAnswer, RESERVE } from './record.js';

const OTHER = 'w_dead';
const free = { cost: 0, id: 'free' };

describe('a call without an answer is bought twice at most', () => {
  it('fails with the second answer that was paid for and lost', async () => {
    const { write, send, lookUp, counts, call, parts, job } = await loseAnswer();
    write([entryOf(await send())]);
    await lookUp();
    expect(await call()).toMatchObject({ state: 'planned', losses: 1 });
    write([entryOf(await send())]);
    await lookUp();
    expect(await counts()).toMatchObject({ failed: 10, spent: 2 * COST, wasted: 2 * COST, unconfirmed: 0 });
    expect(await parts.redis.hgetall(`${parts.keys.job(job)}:codes`)).toEqual({ answer_lost: '10' });
    expect(await parts.services.ledger.finish(job)).toBe('completed');
  });

  it('fails with the second without a cost too, its money unconfirmed', async () => {
    const { write, send, lookUp, counts, parts, job } = await loseAnswer();
    for (let time = 0; time < 2; time++) {
      write([{ ...entryOf(await send()), cost: 'much' }]);
      await lookUp();
    }
    expect(await counts()).toMatchObject({ failed: 10, spent: 0, wasted: 0, unconfirmed: 2 * RESERVE });
    expect(await parts.redis.hgetall(`${parts.keys.job(job)}:codes`)).toEqual({ answer_lost: '10' });
  });

  it('fails as unconfirmed where it was decided on blindly twice', async () => {
    const { write, send, lookUp, counts, parts, job } = await loseAnswer({ maxMs: 0 });
    for (let time = 0; time < 2; time++) {
      await send();
      write(['x']);
      await lookUp();
    }
    expect(await counts()).toMatchObject({ failed: 10, spent: 0, unconfirmed: 2 * RESERVE });
    expect(await parts.redis.hgetall(`${parts.keys.job(job)}:codes`)).toEqual({ unconfirmed: '10' });
  });

  it('is sent as often as any that fails where it costs nothing', async () => {
    const { write, send, lookUp, counts, call, parts, job } = await loseAnswer();
    for (let time = 1; time <= 5; time++) {
      write([{ ...entryOf(await send()), ...free }]);
      await lookUp();
      if (time < 5) expect(await call()).toMatchObject({ state: 'planned', failures: time, losses: 0 });
    }
    expect(await counts()).toMatchObject({ failed: 10, spent: 0, unconfirmed: 0 });
    expect(await parts.redis.hgetall(`${parts.keys.job(job)}:codes`)).toEqual({ upstream_error: '10' });
  });

  it('does not lose by the deaths of workers, until it runs alone: then two of them', async () => {
    const { write, send, lookUp, counts, call, parts, job } = await loseAnswer();
    for (let deaths = 1; deaths <= 3; deaths++) {
      write([entryOf(await send(OTHER))]);
      await lookUp();
      expect(await call()).toMatchObject({ state: 'planned', deaths, losses: 0 });
    }
    write([entryOf(await send(OTHER))]);
    await lookUp();
    expect(await call()).toMatchObject({ state: 'planned', deaths: 3, losses: 1 });
    write([entryOf(await send(OTHER))]);
    await lookUp();
    expect(await counts()).toMatchObject({ failed: 10, spent: 5 * COST, wasted: 5 * COST });
    expect(await parts.redis.hgetall(`${parts.keys.job(job)}:codes`)).toEqual({ answer_lost: '10' });
  });

  it('takes an answer of the first attempt that came too late, rather than none', async () => {
    const { write, send, lookUp, counts, call, parts, job } = await loseAnswer();
    const first = await send();
    write([entryOf(first)]);
    await lookUp();
    const second = await send();
    // A process that stood still goes on: its answer is stored, while the next attempt is on its way.
    const outcome = { kind: 'bulk' as const, items: second.targets.map((_, at) => at) };
    const header = {
      call: 1,
      attempt: 1,
      failures: 0,
      worker: 'w',
      sentAt: first.sentAt,
      answeredAt: first.sentAt + 1,
    };
    const said = {
      httpStatus: 200,
      statusCode: 20000,
      taskId: entryOf(first).id,
      cost: COST,
      simulated: false,
      outcome,
    };
    const answer = { header: { ...header, ...said }, body: Buffer.from('{}') };
    expect(await storeAnswer(parts.services.storage, job, answer)).toBe(true);
    write([entryOf(second)]);
    await lookUp();
    expect(await call()).toBeNull();
    expect(await counts()).toEqual({ ok: 10, failed: 0, unknown: 0, unconfirmed: 0, spent: 2 * COST, wasted: COST });
    expect(await parts.services.calls.settledAttempt({ job, call: 1 })).toBe(1);
  });
});

describe('what an attempt without an answer counts as', () => {
  const fate = fc.oneof(
    fc.record({ kind: fc.constant<Fate['kind']>('lost'), cost: fc.option(fc.nat()) }),
    fc.constant<Fate>({ kind: 'not_executed', cost: 0 }),
    fc.constant<Fate>({ kind: 'blind', cost: null }),
  );

  it('brings every call to rest, having bought it twice at most but for deaths beside others', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.tuple(fate, fc.boolean())), (stream) => {
        const tries = { failures: 0, losses: 0, deaths: 0 };
        let bought = 0;
        for (const [found, orphan] of stream) {
          const count = countsAs({ ...tries, orphan }, found);
          if (found.kind !== 'not_executed' && found.cost !== 0 && !(orphan && tries.deaths < 3)) bought++;
          if (isLast({ ...tries, orphan }, found)) break;
          tries[count]++;
        }
        expect(bought).toBeLessThanOrEqual(2);
        expect(tries.failures).toBeLessThan(5);
        expect(tries.deaths).toBeLessThan(20);
      }),
    );
  });
});
