import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, jobOf, postJson, problemOf } from './http.js';
import { createStarter, type Service } from './service.js';
import { createWorker } from './upstream.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

async function manualJob() {
  const body = { endpoint: 'bulk_backlinks', targets: ['a.com', 'b.com'], start: 'manual' };
  const { id } = jobOf(await postJson(`${service.url}/v1/jobs`, body));
  const url = `${service.url}/v1/jobs/${id}`;
  const worker = await createWorker(service, { tenant: 'local', id });
  return { url, worker, resume: (asked: object = {}) => postJson(`${url}/resume`, asked) };
}

it('a job that starts by hand and is resumed at once runs, with the budget it is given', async () => {
  const { url, worker, resume } = await manualJob();
  expect(jobOf(await resume({ max_cost_usd: 1 }))).toMatchObject({ status: 'queued', max_cost_usd: 1 });
  await worker.plan();
  const { status, reason, history } = jobOf(await ask(url));
  expect({ status, reason }).toEqual({ status: 'running', reason: null });
  expect(history.map(({ action, from, to }) => `${action} ${from}>${to}`).slice(1)).toEqual([
    'set_budget >1',
    'resume queued>queued',
  ]);
});

it('a budget that buys nothing is refused as it is at submission, before and after the plan', async () => {
  const { url, worker, resume } = await manualJob();
  const refused = async (budget: number, least: string) => {
    const { detail, errors } = problemOf(await resume({ max_cost_usd: budget }), 'budget_too_low');
    expect(detail).toContain(`$${least}`);
    expect(errors?.[0]?.pointer).toBe('/max_cost_usd');
  };
  await refused(0.000001, '0.024036');
  await worker.plan();
  await refused(0.024, '0.024036');
  expect(jobOf(await ask(url))).toMatchObject({ status: 'paused', reason: 'manual_start', max_cost_usd: null });
  jobOf(await resume({ max_cost_usd: 0.024036 }));
  await worker.send();
  await worker.settle(1, { outcome: { kind: 'bulk', items: [0] }, items: [{ target: 'a.com' }] });
  await refused(0.024036, '0.048:');
  expect(jobOf(await resume({ max_cost_usd: 0.048 }))).toMatchObject({ status: 'running', max_cost_usd: 0.048 });
});
