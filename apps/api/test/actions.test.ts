import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tries } from '../../../e2e/env.js';
import { type Answered, type Choice, CODES, JobModel } from './actions-model.js';
import { ask, jobOf, postJson } from './http.js';
import { createStarter, type Service } from './service.js';
import { createWorker } from './upstream.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

const KINDS = ['plan', 'pause', 'resume', 'cancel', 'retry', 'delete', 'finish', 'settle'] as const;
type Kind = (typeof KINDS)[number];

interface Step {
  readonly kind: Kind;
  readonly job: number;
  readonly pick: number;
  readonly answered: Answered;
  readonly choice: Choice;
}

const weights: Readonly<Record<Kind, number>> = {
  plan: 4,
  pause: 1,
  resume: 2,
  cancel: 2,
  retry: 3,
  delete: 1,
  finish: 4,
  settle: 6,
};

const choice: fc.Arbitrary<Choice> = fc.record({
  status: fc.subarray(['failed', 'skipped'] as const, { minLength: 1 }),
  codes: fc.option(fc.subarray([...CODES], { minLength: 1 }), { nil: undefined }),
  retryable_only: fc.boolean(),
});

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.oneof(...KINDS.map((kind) => ({ weight: weights[kind], arbitrary: fc.constant(kind) }))),
  job: fc.nat(),
  pick: fc.nat(),
  answered: fc.constantFrom('ok', 'failed', 'refused'),
  choice,
});

type Pair = Awaited<ReturnType<typeof submitted>>;

async function submitted({ targets, manual }: { targets: number; manual: boolean }) {
  const body = {
    endpoint: 'bulk_backlinks',
    targets: Array.from({ length: targets }, (_, at) => `d${at}.com`),
    tag: 'model',
    start: manual ? 'manual' : 'auto',
  };
  const { id } = jobOf(await postJson(`${service.url}/v1/jobs`, body));
  const worker = await createWorker(service, { tenant: 'local', id });
  return { url: `${service.url}/v1/jobs/${id}`, worker, model: new JobModel(targets, manual) };
}

/** Asks for an action; what is answered is what the table says. */
async function act({ url, model }: Pair, action: 'pause' | 'resume' | 'cancel'): Promise<void> {
  const answer = await postJson(`${url}/${action}`, {});
  expect(answer.status, `${action} of a ${model.status} job`).toBe(model[action]());
}

const STEPS: Readonly<Record<Kind, (pair: Pair, step: Step) => Promise<void>>> = {
  pause: (pair) => act(pair, 'pause'),
  resume: (pair) => act(pair, 'resume'),
  cancel: (pair) => act(pair, 'cancel'),
  async retry({ url, model }, { choice: asked }) {
    const { status } = await postJson(`${url}/retry`, asked);
    expect(status, `retry of a ${model.status} job, ${JSON.stringify(asked)}`).toBe(model.retry(asked));
  },
  async delete({ url, model }) {
    const { status } = await ask(url, { method: 'DELETE' });
    expect(status, `delete of a ${model.status} job`).toBe(model.remove());
  },
  async plan({ worker, model }) {
    await worker.plan();
    await worker.planAgain();
    model.plan();
  },
  async settle({ worker, model }, { pick, answered }) {
    if (model.gone || !model.send()) return;
    const sending = await worker.send();
    const call = sending[pick % sending.length] ?? 0;
    const [target] = await worker.targetsOf(call);
    const code = answered === 'failed' ? ('upstream_error' as const) : ('upstream_rejected' as const);
    const failed = { kind: 'failed' as const, code, message: 'no', itemsSoFar: 0, costSoFar: 24_000_000 };
    await worker.settle(
      call,
      answered === 'ok'
        ? { outcome: { kind: 'bulk', items: [0] }, items: [{ target: target?.target }] }
        : { outcome: { ...failed, ...(answered === 'refused' && { parameter: true }) } },
    );
    model.settle((target?.rows[0].line ?? 0) - 1, answered);
  },
  async finish({ worker, model }) {
    await worker.finish();
    model.finish();
    if (model.finished) await worker.retire();
  },
};

/** The job is what its model says; `jobOf` sums up its counts. */
async function check({ url, model }: Pair): Promise<void> {
  const answer = await ask(url);
  expect(answer.status).toBe(model.gone ? 404 : 200);
  if (model.gone) return;
  const { status, rows, run, finished_at: finishedAt } = jobOf(answer);
  expect({ status, run, finished: finishedAt !== null }).toEqual({
    status: model.status,
    run: model.run,
    finished: model.finished,
  });
  expect(rows).toMatchObject({
    pending: model.count('open', 'sent'),
    ok: model.count('ok'),
    failed: model.count('failed'),
    skipped: model.count('skipped'),
  });
}

describe('the action table', () => {
  it('holds in every state, by whatever way it was reached', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ targets: fc.integer({ min: 1, max: 4 }), manual: fc.boolean() }), {
          minLength: 1,
          maxLength: 3,
        }),
        fc.array(step, { minLength: 10, maxLength: 60 }),
        async (jobs, steps) => {
          const pairs = await Promise.all(jobs.map(submitted));
          for (const at of steps) {
            const pair = pairs[at.job % pairs.length];
            if (pair === undefined) continue;
            await STEPS[at.kind](pair, at);
            for (const each of pairs) await check(each);
          }
        },
      ),
      { numRuns: tries(8), endOnFailure: true },
    );
  });
});
