import { expect, it, onTestFinished } from 'vitest';
import { collect, nanos } from '../harness.js';
import { type KeptInstallation, openInstallation } from '../kept-installation.js';
import { type RecordingUpstream, startRecordingUpstream } from '../recording-upstream.js';

const DEADLY = 'deadly.com';
const DEATHS = 5;

type Worker = Awaited<ReturnType<Awaited<ReturnType<KeptInstallation['start']>>['startWorker']>>;

async function startDeadlyStack(worker: () => Worker | undefined) {
  const upstream = await startRecordingUpstream((response, answer, task) => {
    if (task.target === DEADLY) void worker()?.child.kill();
    else response.end(JSON.stringify(answer));
  });
  const installation = await openInstallation(upstream.url);
  onTestFinished(async () => {
    await installation.close();
    upstream.close();
  });
  const stack = await installation.start({ workers: 0 });
  return { stack, upstream };
}

function sumOf(calls: RecordingUpstream['calls']): number {
  return calls.reduce((sum, { nanos }) => sum + nanos, 0);
}

it('a call that kills every worker comes to rest, bought twice after three deaths, and takes no other along', async () => {
  let worker: Worker | undefined;
  const { stack, upstream } = await startDeadlyStack(() => worker);
  const others = ['a.com', 'b.com', 'c.com'];
  const { id } = await stack.client.submit({ endpoint: 'referring_domains' }, [DEADLY, ...others]);
  for (let deaths = 0; deaths < DEATHS; deaths++) {
    worker = await stack.startWorker();
    await worker.child.exited;
  }
  await stack.startWorker();
  const job = await stack.client.waitFor(id);
  expect(job).toMatchObject({ outcome: 'partial', rows: { ok: 3, failed: 1 }, cost: { unconfirmed_usd: 0 } });
  const deadly = upstream.calls.filter(({ task }) => task.target === DEADLY);
  expect(deadly).toHaveLength(DEATHS);
  expect(nanos(job.cost.spent_usd)).toBe(sumOf(upstream.calls));
  expect(nanos(job.cost.wasted_usd)).toBeGreaterThanOrEqual(sumOf(deadly));
  const rows = await collect(stack.client.rows(id));
  expect(rows.find(({ target }) => target === DEADLY)?.error).toMatchObject({ code: 'answer_lost', retryable: true });
});
