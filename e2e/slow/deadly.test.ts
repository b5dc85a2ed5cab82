import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack } from '@linkhaul/stack';
import { expect, it, onTestFinished } from 'vitest';
import { environment } from '../env.js';
import { collect, nanos, SCALED } from '../harness.js';
import { type RecordingUpstream, startRecordingUpstream } from '../recording-upstream.js';

const DEADLY = 'deadly.com';
const DEATHS = 5;

type Worker = Awaited<ReturnType<Awaited<ReturnType<typeof startStack>>['startWorker']>>;

async function startDeadlyStack(worker: () => Worker | undefined) {
  const upstream = await startRecordingUpstream((response, answer, task) => {
    if (task.target === DEADLY) void worker()?.child.kill();
    else response.end(JSON.stringify(answer));
  });
  const dataDir = await mkdtemp(join(tmpdir(), 'linkhaul-e2e-'));
  const stack = await startStack({
    dataDir,
    workers: 0,
    backlinks: false,
    env: {
      ...SCALED,
      PATH: environment.PATH,
      REDIS_URL: environment.TEST_REDIS_URL,
      REDIS_PREFIX: `e2e-${randomBytes(6).toString('hex')}`,
      UPSTREAM_URL: upstream.url,
      UPSTREAM_LOGIN: 'me',
      UPSTREAM_PASSWORD: 'secret',
    },
  });
  onTestFinished(async () => {
    await stack.stop();
    upstream.close();
    await rm(dataDir, { recursive: true, force: true });
  });
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
}, 240_000);
