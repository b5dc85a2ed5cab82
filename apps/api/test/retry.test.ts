import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, jobOf, pageOf, postJson, problemOf } from './http.js';
import { createStarter, type Service } from './service.js';
import { createWorker } from './upstream.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

/** A finished job of an ok row and of one that failed. */
async function partial(tag: string, code: 'upstream_error' | 'upstream_rejected' = 'upstream_error') {
  const body = { endpoint: 'bulk_backlinks', targets: ['a.com', 'b.com', 'bad'], tag };
  const { id } = jobOf(await postJson(`${service.url}/v1/jobs`, body));
  const worker = await createWorker(service, { tenant: 'local', id });
  await worker.plan();
  await worker.send();
  await worker.settle(1, { outcome: { kind: 'bulk', items: [0] }, items: [{ target: 'a.com' }] });
  const failed = { code, message: '', itemsSoFar: 0, costSoFar: 24_000_000 };
  await worker.settle(2, { outcome: { kind: 'failed', ...failed } });
  await worker.finish();
  await worker.retire();
  return { url: `${service.url}/v1/jobs/${id}`, worker };
}

it('a budget below what is spent is refused, another is the job\u2019s', async () => {
  const { url } = await partial('budget');
  const retry = (body: object) => postJson(`${url}/retry`, body);
  expect(problemOf(await retry({ max_cost_usd: 0.01 }), 'budget_too_low').errors?.[0]?.pointer).toBe('/max_cost_usd');
  expect(problemOf(await retry({ max_cost_usd: 0.048 }), 'budget_too_low').detail).toContain('$0.072:');
  problemOf(await retry({ code: ['unconfirmed'] }), 'invalid_request');
  problemOf(await retry({ codes: ['no_such_code'] }), 'invalid_request');
  problemOf(await retry({ status: ['skipped'] }), 'conflict');
  expect(jobOf(await retry({ max_cost_usd: 1 }))).toMatchObject({ status: 'running', max_cost_usd: 1, run: 2 });
});

it('so is the budget that it has, where that buys nothing more', async () => {
  const { url } = await partial('left over');
  const job = { tenant: 'local', id: url.split('/').at(-1) ?? '' };
  await service.redis.hset(service.keys.job(job), 'max_cost', '60000000');
  expect(problemOf(await postJson(`${url}/retry`, {}), 'conflict').detail).toContain('send max_cost_usd');
  expect(jobOf(await ask(url))).toMatchObject({ status: 'completed', run: 1 });
  expect(jobOf(await postJson(`${url}/retry`, { max_cost_usd: 0.1 }))).toMatchObject({ status: 'running', run: 2 });
});

it('a choice that no row is of is refused, and nothing happens', async () => {
  const { url, worker } = await partial('none', 'upstream_rejected');
  const retry = (body: object) => postJson(`${url}/retry`, body);
  const before = (await ask(url)).text;
  const { length } = await service.redis.keys(`${service.keys.root}:*`);
  for (const [asked, without] of [
    [{}, ''],
    [{ status: ['failed'] }, ''],
    [{ codes: ['upstream_rejected'] }, ''],
    [{ codes: ['upstream_error'], retryable_only: false }, ' without `codes`'],
    [{ status: ['skipped'], retryable_only: false }, ' without `status`'],
    [{ status: ['skipped'], codes: ['upstream_rejected'], retryable_only: false }, ' without `status`'],
    [{ max_cost_usd: 0.000001 }, ''],
  ] as const) {
    // What there is all the same is counted, and what takes it up is named.
    const { detail, errors } = problemOf(await retry(asked), 'conflict');
    expect(detail).toContain('there is nothing to run again');
    expect(detail).toContain(`It has 1 with upstream_rejected, which \`retryable_only: false\`${without} takes up.`);
    expect(errors).toMatchObject([{ code: 'upstream_rejected', message: expect.stringContaining('1 row: ') }]);
  }
  expect((await ask(url)).text).toBe(before);
  expect(await service.redis.keys(`${service.keys.root}:*`)).toHaveLength(length);

  // What the further run brings is what counts from then on.
  expect(jobOf(await retry({ codes: ['upstream_rejected'], retryable_only: false })).run).toBe(2);
  await worker.planAgain();
  await postJson(`${url}/cancel`, {});
  await worker.finish();
  await worker.retire();
  problemOf(await retry({ codes: ['upstream_rejected'], retryable_only: false }), 'conflict');
  expect(jobOf(await retry({})).run).toBe(3);
});

it('the tag answers with the job while it is run again, and when that is cancelled', async () => {
  const { url, worker } = await partial('answers');
  const results = () => ask(`${service.url}/v1/tags/answers/results`);
  const before = (await results()).headers.get('x-linkhaul-job');
  expect(url).toContain(before);
  jobOf(await postJson(`${url}/retry`, {}));
  expect((await results()).headers.get('x-linkhaul-job')).toBe(before);
  await worker.planAgain();
  expect((await results()).headers.get('x-linkhaul-job')).toBe(before);
  await postJson(`${url}/cancel`, {});
  await worker.finish();
  expect(jobOf(await ask(url))).toMatchObject({ status: 'cancelled', rows: { ok: 1, skipped: 1, failed: 0 } });
  expect((await results()).headers.get('x-linkhaul-job')).toBe(before);
});

it('a list that the deadline cut off is a part, also when a further run had not gone on with it', async () => {
  const body = { endpoint: 'domain_pages', targets: ['a.com'], max_items_per_target: 2000, on_budget: 'finish' };
  const { id } = jobOf(await postJson(`${service.url}/v1/jobs`, body));
  const job = { tenant: 'local', id };
  const url = `${service.url}/v1/jobs/${id}`;
  const worker = await createWorker(service, job);
  const timeIsOver = async () => {
    await service.redis.hset(service.keys.job(job), 'deadline', '1');
    await service.services.jobSteps.judgeDeadline(job);
    await worker.finish();
    await worker.retire();
  };
  const row = async () => JSON.parse((await ask(`${url}/rows`)).text).rows[0];
  await worker.plan();
  await worker.send();
  const page = { offset: 0, items: 1000, totalCount: null, itemsSoFar: 1000, costSoFar: 24_000_000 };
  await worker.settle(1, { outcome: { kind: 'list', ...page, status: null, truncated: null } });
  await timeIsOver();
  const part = { status: 'skipped', truncated: 'deadline', items: 1000, cost_usd: 0.024 };
  expect(await row()).toMatchObject({ ...part, error: { code: 'deadline' } });
  expect(jobOf(await postJson(`${url}/retry`, {}))).toMatchObject({ status: 'running', reason: null, deadline: null });
  expect(await row()).toMatchObject(part);
  await worker.planAgain();
  expect(await row()).toMatchObject({ status: 'pending', truncated: null, items: 1000, cost_usd: 0.024 });
  await timeIsOver();
  expect(jobOf(await ask(url))).toMatchObject({ status: 'completed', reason: 'deadline', run: 2 });
  expect(await row()).toMatchObject(part);
});

it('rows that a deadline skipped are those of a failed job once that has failed, also for a retry', async () => {
  const targets = ['a.com', 'b.com', 'c.com', 'd.com'];
  const body = { endpoint: 'domain_pages', targets, max_items_per_target: 2000, on_budget: 'finish' };
  const { id } = jobOf(await postJson(`${service.url}/v1/jobs`, body));
  const job = { tenant: 'local', id };
  const url = `${service.url}/v1/jobs/${id}`;
  const worker = await createWorker(service, job);
  const codeOfFirst = async () => JSON.parse((await ask(`${url}/rows`)).text).rows[0].error.code;
  await worker.plan();
  await worker.send();
  const page = { offset: 0, items: 1000, totalCount: null, itemsSoFar: 1000, costSoFar: 24_000_000 };
  await worker.settle(1, { outcome: { kind: 'list', ...page, status: null, truncated: null } });
  await service.redis.hset(service.keys.job(job), 'deadline', '1');
  await service.services.jobSteps.judgeDeadline(job);
  expect(await codeOfFirst()).toBe('deadline');
  const parameter = { code: 'upstream_rejected', parameter: true } as const;
  const refused = { ...parameter, message: 'no', itemsSoFar: 0, costSoFar: 0 };
  for (const call of [2, 3, 4]) await worker.settle(call, { outcome: { kind: 'failed', ...refused } });
  await worker.finish();
  await worker.retire();
  expect(jobOf(await ask(url))).toMatchObject({ status: 'failed', rows: { skipped: 1, failed: 3 } });
  expect(await codeOfFirst()).toBe('job_failed');
  problemOf(await postJson(`${url}/retry`, {}), 'conflict');
  expect(jobOf(await postJson(`${url}/retry`, { codes: ['job_failed'], retryable_only: false })).run).toBe(2);
});

it('a cursor of before is refused once its lines are no longer true', async () => {
  const { url, worker } = await partial('cursors');
  const { next } = await pageOf(url, 'results', { limit: '1' });
  jobOf(await postJson(`${url}/retry`, {}));
  expect((await ask(`${url}/results?cursor=${next}`)).status).toBe(200);
  await worker.planAgain();
  problemOf(await ask(`${url}/results?cursor=${next}`), 'conflict');
  expect((await pageOf(url, 'results')).lines).toHaveLength(2);
});
