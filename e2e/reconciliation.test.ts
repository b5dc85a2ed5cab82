import { afterAll, afterEach, beforeAll, describe, expect, it as inTurn } from 'vitest';
import { isThorough } from './env.js';
import { collect, domains, nanos, SOON_DEAD, startWorld, test, type World } from './harness.js';

const it = test.concurrent;

const RECORD_DOWN = { kind: 'status', code: 40202, endpoint: 'id_list' };

/** What the upstream recorded of a job's calls, in the order of their arrival. */
async function callsOf(world: World, jobId: string) {
  const { requests } = await world.record();
  return requests.filter(({ tag }) => tag?.startsWith(`${jobId}.`));
}

type RecordedCall = Awaited<ReturnType<typeof callsOf>>[number];

async function costOf(world: World, jobId: string): Promise<number> {
  return sumOf(await callsOf(world, jobId));
}

function sumOf(calls: readonly RecordedCall[]): number {
  return calls.reduce((sum, { cost_usd }) => sum + nanos(cost_usd), 0);
}

/** Calls that were sent a second time, as they were the first time and then. */
function twice(calls: readonly RecordedCall[]): { first: RecordedCall; again: RecordedCall }[] {
  return calls.flatMap((first) => {
    const [job, call, attempt] = first.tag?.split('.') ?? [];
    const again = calls.find(({ tag }) => attempt === '1' && tag?.startsWith(`${job}.${call}.2.`));
    return again === undefined ? [] : [{ first, again }];
  });
}

/** A job from its submission to its end: then what was spent is what the upstream recorded. */
async function run(world: World, count: number) {
  const { id } = await world.client.submit({ endpoint: 'domain_pages' }, domains(count));
  const job = await world.client.waitFor(id);
  expect(nanos(job.cost.spent_usd)).toBe(await costOf(world, id));
  expect(job.cost).toMatchObject({ reserved_usd: 0, unconfirmed_usd: 0 });
  expect(job.calls).toMatchObject({ in_flight: 0, unknown: 0 });
  return job;
}

describe('one world, one fault after another', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ env: { UPSTREAM_TIMEOUT_MS: '6000' } });
  });
  afterEach(() => world.clearFaults());
  afterAll(() => world.stop());

  inTurn('buys again what was executed and lost, in whatever way, and shows just that as wasted', async () => {
    for (const kind of ['reset_after', 'truncated', 'truncated_gzip', 'hang']) await world.fault({ kind, count: 1 });
    const job = await run(world, 8);
    // Half a gzip stream that is a whole body came, and is kept: it is not lost, and not bought again.
    expect(job).toMatchObject({ outcome: 'partial', rows: { total: 8, failed: 1 }, calls: { attempts: 11, done: 7 } });
    const lost = twice(await callsOf(world, job.id)).map(({ first }) => first);
    expect(lost).toHaveLength(3);
    expect(nanos(job.cost.wasted_usd)).toBe(sumOf(lost));
    const rows = await collect(world.client.rows(job.id));
    expect(rows.map(({ line }) => line).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(rows.flatMap(({ error }) => error?.code ?? [])).toEqual(['answer_unreadable']);
  });

  inTurn('sends again what the record does not show when it must, and nothing is wasted', async () => {
    await world.fault({ kind: 'reset_before', count: 1 });
    await world.fault({ kind: 'http', http_status: 500, count: 1 });
    await world.fault({ kind: 'http', http_status: 500, body: 'envelope', count: 1 });
    expect(await run(world, 5)).toMatchObject({ outcome: 'complete', calls: { attempts: 8 }, cost: { wasted_usd: 0 } });
  });

  inTurn('buys a call twice and no more where its answers are lost, and shows what it cost', async () => {
    await world.fault({ kind: 'reset_after', count: 2 });
    const job = await run(world, 1);
    expect(job).toMatchObject({ outcome: 'none', rows: { failed: 1 }, calls: { attempts: 2, failed: 1 } });
    expect(job.cost.wasted_usd).toBe(job.cost.spent_usd);
    const [row] = await collect(world.client.rows(job.id));
    expect(row?.error).toMatchObject({ code: 'answer_lost', retryable: true });
  });

  inTurn('decides nothing before its time is over where the record cannot be read for a while', async () => {
    await world.fault({ ...RECORD_DOWN, count: 1 });
    await world.fault({ kind: 'reset_after', count: 1 });
    const job = await run(world, 1);
    expect(job).toMatchObject({ outcome: 'complete', calls: { attempts: 2 } });
    expect(nanos(job.cost.wasted_usd)).toBe(nanos(job.cost.spent_usd) / 2);
  });
});

it('frees the only slot with what it learns, where the lease would stand for minutes', async ({ open }) => {
  const world = await open({ UPSTREAM_MAX_IN_FLIGHT: '1', UPSTREAM_TIMEOUT_MS: '300000' });
  await world.fault({ kind: 'reset_after', count: 1 });
  await world.fault({ kind: 'reset_before', count: 1 });
  expect(await run(world, 4)).toMatchObject({ outcome: 'complete', calls: { attempts: 6 } });
  expect((await world.record()).totals.max_in_flight).toBe(1);
});

it('is not bought twice while it runs, though its worker was killed', async ({ open, expect }) => {
  const world = await open(
    {
      ...SOON_DEAD,
      UPSTREAM_MAX_IN_FLIGHT: '6',
      UPSTREAM_TIMEOUT_MS: '300000',
      UPSTREAM_MAX_RUN_MS: '300000',
      // So that either worker holds some of the calls.
      WORKER_CONCURRENCY: '3',
    },
    2,
  );
  await world.settings({ hold: true });
  const { id } = await world.client.submit({ endpoint: 'domain_pages' }, domains(6));
  await world.arrived(id, 6);
  await world.workers[0]?.child.kill();
  const unknown = async () => (await world.client.job(id)).calls.unknown;
  await expect.poll(unknown).toBeGreaterThan(0);
  await world.settings({ hold: false });
  const job = await world.client.waitFor(id);

  expect(job).toMatchObject({ outcome: 'complete', calls: { done: 6 }, cost: { unconfirmed_usd: 0 } });
  expect(nanos(job.cost.spent_usd)).toBe(await costOf(world, id));
  const bought = twice(await callsOf(world, id));
  expect(nanos(job.cost.wasted_usd)).toBe(sumOf(bought.map(({ first }) => first)));
  for (const { first, again } of bought) {
    expect(Date.parse(again.at)).toBeGreaterThanOrEqual(Date.parse(first.ended_at ?? ''));
  }
});

/** With each run, `gateway.test.ts` has both of an upstream without a record. */
describe.runIf(isThorough)('where the record cannot be read', () => {
  const GIVING_UP = { UPSTREAM_UNKNOWN_MAX_MS: '1500' };

  /** A job with one call whose answer is lost, while the record refuses to be asked. */
  async function loseAnswer(world: World) {
    await world.fault(RECORD_DOWN);
    await world.fault({ kind: 'reset_after', count: 1 });
    const { id } = await world.client.submit({ endpoint: 'bulk_backlinks' }, domains(10));
    const job = await world.client.waitFor(id);
    expect(job).toMatchObject({ status: 'completed', calls: { in_flight: 0, unknown: 0 }, cost: { reserved_usd: 0 } });
    const [spent, unconfirmed] = [nanos(job.cost.spent_usd), nanos(job.cost.unconfirmed_usd)];
    const cost = await costOf(world, id);
    expect(spent).toBeLessThan(cost);
    expect(spent + unconfirmed).toBeGreaterThanOrEqual(cost);
    return job;
  }

  it('buys again, and the money stays unconfirmed', async ({ open }) => {
    const world = await open(GIVING_UP);
    expect(await loseAnswer(world)).toMatchObject({ outcome: 'complete', rows: { ok: 10 }, calls: { attempts: 2 } });
  });

  it('or fails the rows as unconfirmed, where the settings say park, and closes the job', async ({ open }) => {
    const world = await open({ ...GIVING_UP, UPSTREAM_UNKNOWN: 'park' });
    const job = await loseAnswer(world);
    expect(job).toMatchObject({ outcome: 'none', rows: { failed: 10 }, calls: { attempts: 1, failed: 1 } });
    for (const { error } of await collect(world.client.rows(job.id))) {
      expect(error).toMatchObject({ code: 'unconfirmed', retryable: true });
    }
  });
});
