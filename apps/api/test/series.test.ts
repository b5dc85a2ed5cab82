import { series } from '@linkhaul/schemas';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { finishedListJob } from './finished-job.js';
import { ask, jobOf } from './http.js';
import { createStarter, type Service } from './service.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

it('shows a job over time, which comes to what the job shows', async () => {
  const url = await finishedListJob(service);
  const job = jobOf(await ask(url));
  const { points, ms, ...rest } = series.parse(JSON.parse((await ask(`${url}/series`)).text));
  expect(rest).toEqual({ job: job.id });
  expect(ms).toBe(1000);
  const sum = (value: (point: (typeof points)[number]) => number) => points.reduce((all, one) => all + value(one), 0);
  expect({
    ok: sum(({ rows }) => rows.ok),
    empty: sum(({ rows }) => rows.empty),
    failed: sum(({ rows }) => rows.failed),
    items: sum(({ items }) => items),
    calls: sum(({ calls }) => calls),
  }).toEqual({
    ok: job.rows.ok,
    empty: job.rows.empty,
    failed: job.rows.failed,
    items: job.items,
    calls: job.calls.done + job.calls.failed,
  });
  expect(sum(({ cost_usd }) => cost_usd)).toBeCloseTo(job.cost.spent_usd, 12);
  for (const point of points) expect(Date.parse(point.at) % ms).toBe(0);
});
