import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import type { Job, Result } from '@linkhaul/schemas';
import { type Crash, type CrashedAt, type Stack, startStack } from '@linkhaul/stack';
import { vi } from 'vitest';
import { environment } from './env.js';
import { collect, newPrefix, SCALED, SOON_DEAD, type UpstreamRecord, WHILE_POLLING } from './harness.js';

export type Sent = UpstreamRecord['requests'][number] & { readonly attempt: string };

/** What the ledger, storage and the upstream know of a job at one moment. */
export interface Traces {
  readonly job: Job;
  readonly results: readonly Result[];
  /** The attempts that have reached the upstream, by name: `<call>.<attempt>`. */
  readonly sent: ReadonlyMap<string, Sent>;
  /** The attempts whose answers are in storage. */
  readonly stored: ReadonlySet<string>;
}

/** An API and workers, over an upstream that other worlds use too. */
export interface CrashWorld {
  readonly client: Stack['client'];
  /** Runs a worker until it has died at the point. Then reads the traces, while no worker is running. */
  crash(jobId: string, crash: Crash): Promise<{ at: CrashedAt; traces: Traces }>;
  startWorker(): Promise<unknown>;
  traces(jobId: string): Promise<Traces>;
}

/** An upstream with a record of its requests. */
interface Witness {
  record(): Promise<Pick<UpstreamRecord, 'requests'>>;
}

interface CrashWorldOptions {
  readonly upstreamUrl: string;
  readonly witness: Witness;
  /** How many calls a worker holds at once. */
  readonly places: number;
  readonly env: Readonly<Record<string, string>>;
}

export async function withCrashWorld(
  options: CrashWorldOptions,
  work: (world: CrashWorld) => Promise<void>,
): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'linkhaul-e2e-'));
  const stack = await start(options, dataDir);
  try {
    await work(worldOf(stack, dataDir, options.witness));
  } finally {
    await stack.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

function start({ upstreamUrl, places, env }: CrashWorldOptions, dataDir: string): Promise<Stack> {
  const { PATH, TEST_REDIS_URL } = environment;
  const upstream = { UPSTREAM_URL: upstreamUrl, UPSTREAM_LOGIN: 'local', UPSTREAM_PASSWORD: 'local' };
  return startStack({
    dataDir,
    workers: 0,
    backlinks: false,
    env: {
      PATH,
      REDIS_URL: TEST_REDIS_URL,
      REDIS_PREFIX: newPrefix(),
      ...SCALED,
      ...SOON_DEAD,
      ...upstream,
      // Answers are slow while many worlds ask at once, but only the crash may lose one.
      UPSTREAM_TIMEOUT_MS: '60000',
      WORKER_CONCURRENCY: String(places),
      ...env,
    },
  });
}

function worldOf(stack: Stack, dataDir: string, witness: Witness): CrashWorld {
  const { client } = stack;
  const traces = async (jobId: string): Promise<Traces> => ({
    job: await client.job(jobId),
    results: await collect(client.results(jobId)),
    sent: await sentOf(jobId, witness),
    stored: await storedIn(join(dataDir, 'storage')),
  });
  return {
    client,
    traces,
    startWorker: () => stack.startWorker(),
    async crash(jobId, crash) {
      const at = await stack.crashWorker(crash);
      const arrives = crash.point === 'before_sending' ? null : at.attempt;
      await upstreamIsDone({ jobId, arrives }, witness);
      return { at, traces: await traces(jobId) };
    },
  };
}

async function sentOf(jobId: string, witness: Witness): Promise<Map<string, Sent>> {
  const { requests } = await witness.record();
  return new Map(
    requests
      .filter(({ tag }) => tag?.startsWith(`${jobId}.`))
      .map((request) => [attemptIn(request.tag), { ...request, attempt: attemptIn(request.tag) }]),
  );
}

function attemptIn(tag: string | null): string {
  return (tag ?? '').split('.').slice(1, 3).join('.');
}

/** Waits until the upstream has finished the requests of a dead worker. */
async function upstreamIsDone(
  { jobId, arrives }: { jobId: string; arrives: CrashedAt['attempt'] },
  witness: Witness,
): Promise<void> {
  const isDone = async () => {
    const sent = await sentOf(jobId, witness);
    const isThere = arrives === null || sent.has(`${arrives.call}.${arrives.number}`);
    return isThere && [...sent.values()].every(({ ended_at }) => ended_at !== null);
  };
  await vi.waitUntil(isDone, WHILE_POLLING);
}

/** The names of the answer files. Empty if storage is elsewhere. There is only one job. */
async function storedIn(root: string): Promise<Set<string>> {
  const paths = await readdir(root, { recursive: true }).catch(() => []);
  const names = paths.map((path) => path.split(sep)).filter((parts) => parts.at(-3) === 'answers');
  return new Set(names.map((parts) => parts.at(-1) ?? '').filter((name) => /^\d+\.\d+$/.test(name)));
}
