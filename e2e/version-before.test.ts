import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { job as jobSchema } from '@linkhaul/schemas';
import { freePort, type Stack, startStack } from '@linkhaul/stack';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { environment } from './env.js';
import { domains, graphOf, HOLDING, nanos, SCALED, type Witness, witnessAt } from './harness.js';

const run = promisify(execFile);
const RECORDED = new URL('version-before/recorded.tar.gz', import.meta.url).pathname;

/** The fields that depend neither on the upstream's address nor on the time. */
const lasting = jobSchema.pick({
  id: true,
  status: true,
  reason: true,
  rows: true,
  calls: true,
  cost: true,
  items: true,
  params: true,
  metadata: true,
  history: true,
  created_at: true,
});

const keptSchema = z.object({
  upstream: z.string(),
  jobs: z.array(lasting),
  results: z.array(z.object({ id: z.string(), sha256: z.string() })),
});

/** The account has one slot, and the worker holds one further call. */
const ONE_BY_ONE = { UPSTREAM_MAX_IN_FLIGHT: '1', WORKER_CONCURRENCY: '2' };

let folder: string;
let stack: Stack;
let witness: Witness;
let kept: z.infer<typeof keptSchema>;

/** A port with as many digits as the recorded upstream's: its address is in Redis' file, which has the length of each text. */
async function portLike(address: string): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (String(port).length === address.split(':')[1]?.length) return port;
  }
}

async function replaceInFiles(from: string, to: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const text = await readFile(path, 'latin1');
    if (text.includes(from)) await writeFile(path, text.replaceAll(from, to), 'latin1');
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'linkhaul-e2e-'));
  await run('tar', ['-xzf', RECORDED, '-C', folder]);
  kept = keptSchema.parse(JSON.parse(await readFile(join(folder, 'kept.json'), 'utf8')));
  const port = await portLike(kept.upstream);
  await replaceInFiles(kept.upstream, `127.0.0.1:${port}`);
  stack = await startStack({
    dataDir: folder,
    workers: 1,
    backlinks: true,
    ports: { api: 0, backlinks: port },
    env: { ...SCALED, ...HOLDING, ...ONE_BY_ONE, PATH: environment.PATH, BACKLINKS_DATA: await graphOf(SCALED) },
  });
  witness = witnessAt(`${stack.backlinksUrl}`);
});
afterAll(async () => {
  await stack.stop();
  await rm(folder, { recursive: true, force: true });
});

it('shows the jobs that the version before left, with the same results', async () => {
  expect(kept.jobs).toHaveLength(4);
  for (const before of kept.jobs) expect(lasting.parse(await stack.client.job(before.id))).toEqual(before);
  for (const { id, sha256 } of kept.results) {
    const text = await (await fetch(`${stack.apiUrl}/v1/jobs/${id}/results`)).text();
    expect(createHash('sha256').update(text).digest('hex'), id).toBe(sha256);
  }
});

it('finishes the jobs that the version before had planned or begun, and buys nothing again', async () => {
  for (const before of kept.jobs.filter(({ status }) => status === 'paused')) {
    const bought = nanos((await witness.record()).totals.cost_usd);
    await stack.client.resume(before.id);
    const job = await stack.client.waitFor(before.id);
    expect(job).toMatchObject({ status: 'completed', rows: { pending: 0 }, cost: { wasted_usd: 0 } });
    expect(job.calls.attempts).toBe(before.calls.planned);
    expect(nanos(job.cost.spent_usd) - nanos(before.cost.spent_usd)).toBe(
      nanos((await witness.record()).totals.cost_usd) - bought,
    );
  }
});

/** Marks the job as a worker of a newer version does when it takes the job up. */
async function markAs(format: number, id: string): Promise<void> {
  const socket = connect(Number(new URL(stack.redis.url).port), '127.0.0.1');
  socket.end(`HSET linkhaul:job:local/${id} format ${format}\r\nQUIT\r\n`);
  expect((await socket.toArray()).join('')).toContain('+OK');
}

it('leaves a job alone once a newer version works on it: its calls wait, and those in flight are finished', async () => {
  const sent = async (id: string) => (await witness.record()).requests.filter(({ tag }) => tag?.startsWith(`${id}.`));
  await witness.settings({ hold: true });
  const { id } = await stack.client.submit({ endpoint: 'domain_pages' }, domains(5));
  await witness.arrived(id, 1);
  await markAs(99, id);
  await witness.settings({ hold: false });
  await expect
    .poll(() => stack.workers[0]?.child.tail())
    .toContain('left to a newer version: a job in Redis has format 99');
  await expect(stack.client.job(id)).rejects.toMatchObject({ status: 503 });
  // The worker goes on with other work.
  const other = await stack.client.submit({ endpoint: 'bulk_backlinks' }, domains(5));
  expect(await stack.client.waitFor(other.id)).toMatchObject({ status: 'completed' });
  const before = (await sent(id)).length;
  expect(before).toBeLessThan(5);
  await markAs(1, id);
  const job = await stack.client.waitFor(id);
  expect(job).toMatchObject({ status: 'completed', rows: { pending: 0 }, cost: { wasted_usd: 0 } });
  expect(await sent(id)).toHaveLength(5);
});
