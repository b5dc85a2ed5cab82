import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tries } from '../../../e2e/env.js';
import { BREAK_NAMES, breakAnswer } from './damaged.js';
import { ask, jobOf, ndjsonOf, pagesOf } from './http.js';
import { createStarter, type Service } from './service.js';
import { lineOf, startWalk, type Walked } from './walk-model.js';
import { bulk, lists, STEPS, step } from './walk-steps.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

const harm = fc.record({ how: fc.constantFrom(...BREAK_NAMES), pick: fc.nat() });

const scenario = fc.record({
  input: fc.oneof(lists, bulk),
  steps: fc.array(step, { minLength: 5, maxLength: 25 }),
  harms: fc.array(fc.record({ after: fc.nat({ max: 30 }), harm }), { minLength: 1, maxLength: 4 }),
  lastHarms: fc.array(harm, { maxLength: 2 }),
  cancelAt: fc.option(fc.nat({ max: 25 })),
});

/** Breaks an answer that is stored; a call's number says nothing of it, so that any may be met. */
async function breakSome(
  walk: Walked,
  { how, pick }: { how: (typeof BREAK_NAMES)[number]; pick: number },
): Promise<void> {
  const job = refOf(walk);
  const names = await service.services.storage.list(`jobs/local/${job.id}/answers`);
  const calls = names.map((name) => Number(/\/(\d+)\.1$/.exec(name)?.[1])).sort((a, b) => a - b);
  const call = calls[pick % calls.length];
  if (call !== undefined) await breakAnswer(service, { job, call }, how).catch(missing);
}

/** Cutting what was removed before. */
function missing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT' && !(error instanceof RangeError)) throw error;
}

/** Once somebody has read it, the rows are what the job counts; each line once, whatever is broken. */
async function check(walk: Walked): Promise<void> {
  await ndjsonOf(walk.url, 'rows');
  await walk.checkRows(3);
}

type Scenario = typeof scenario extends fc.Arbitrary<infer S> ? S : never;

async function run(walk: Walked, { steps, harms, cancelAt }: Scenario): Promise<void> {
  await walk.plan();
  const all = cancelAt === null ? steps : steps.toSpliced(cancelAt, 0, { kind: 'cancel', number: 0 });
  for (const [at, { kind, number }] of all.entries()) {
    for (const { after, harm: one } of harms) if (after === at) await breakSome(walk, one);
    if (kind === 'rows') await check(walk);
    else if (kind !== 'read') await STEPS[kind](walk, number);
  }
  await settleOpen(walk);
  expect(jobOf(await ask(walk.url)).finished_at).not.toBeNull();
}

/** What is true of a finished job of which everything was read. */
async function checkAtRest(walk: Walked): Promise<void> {
  await check(walk);
  const { rows, outcome } = jobOf(await ask(walk.url));
  const bad = rows.failed + rows.skipped;
  expect(outcome).toBe(rows.ok + rows.empty === 0 ? 'none' : bad > 0 ? 'partial' : 'complete');
  const whole = await ndjsonOf(walk.url, 'results');
  expect(new Set(whole.map(lineOf))).toEqual(new Set(walk.everyLine));
  expect(new Set(whole).size).toBe(whole.length);
  expect(await pagesOf(walk.url, 'results', { limit: '2' })).toEqual(whole);
  const failed = damagedIn(whole);
  expect(damagedIn(await ndjsonOf(walk.url, 'rows'))).toEqual(failed);
  const counted = await service.redis.hget(service.keys.codes(refOf(walk)), 'answer_damaged');
  expect(Number(counted)).toBe(failed.size);
}

function damagedIn(lines: readonly string[]): Set<number> {
  return new Set(lines.filter((text) => text.includes('"answer_damaged"')).map(lineOf));
}

function refOf({ url }: Walked) {
  return { tenant: 'local', id: url.split('/').at(-1) ?? '' };
}

async function settleOpen(walk: Walked): Promise<void> {
  for (let sending = await walk.worker.send(); sending.length > 0; sending = await walk.worker.send()) {
    for (const call of sending.reverse()) await walk.settle(call);
  }
  await walk.worker.finish();
}

describe('a job that was run again, and whose stored answers break then', () => {
  it('fails rows of any run, and leaves those that a later one took up to that', async () => {
    const again = fc.record({ input: fc.oneof(lists, bulk), harms: fc.array(harm, { minLength: 1, maxLength: 4 }) });
    await fc.assert(
      fc.asyncProperty(again, async ({ input, harms }) => {
        const walk = await startWalk(service, input);
        await walk.plan();
        await settleOpen(walk);
        if (await walk.retry()) await walk.planAgain();
        await settleOpen(walk);
        for (const one of harms) await breakSome(walk, one);
        await checkAtRest(walk);
      }),
      { numRuns: tries(3), endOnFailure: true },
    );
  });
});

describe('a job whose stored answers break while it runs, and after', () => {
  it('counts its rows as they are shown, and shows each once, in every form', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (all) => {
        const walk = await startWalk(service, all.input);
        await run(walk, all);
        for (const one of all.lastHarms) await breakSome(walk, one);
        await checkAtRest(walk);
      }),
      { numRuns: tries(3), endOnFailure: true },
    );
  });
});
