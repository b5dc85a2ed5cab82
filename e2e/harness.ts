import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LinkhaulClient } from '@linkhaul/client';
import { startStack } from '@linkhaul/stack';
import { test as base, inject, vi } from 'vitest';
import { z } from 'zod';
import { environment } from './env.js';
import { takeUpstream } from './upstream-pool.js';

const recorded = z.object({
  requests: z.array(
    z.object({
      path: z.string(),
      tag: z.string().nullable(),
      status_code: z.number().nullable(),
      cost_usd: z.number(),
      items: z.number(),
      answered_at: z.string().nullable(),
      at: z.string(),
      ended_at: z.string().nullable(),
    }),
  ),
  totals: z.object({
    requests: z.number(),
    cost_usd: z.number(),
    max_in_flight: z.number(),
    max_rolling_minute: z.number(),
  }),
});

export type UpstreamRecord = z.infer<typeof recorded>;

/** A local Backlinks API whose record of requests can be read. */
export interface Witness {
  record(): Promise<UpstreamRecord>;
  /** Resolves when this many of the job's calls have reached the upstream. */
  arrived(jobId: string, calls: number): Promise<void>;
  settings(changes: Record<string, number | string | boolean>): Promise<void>;
  fault(fault: Record<string, unknown>): Promise<void>;
  clearFaults(): Promise<void>;
}

/** The built processes over a small link graph, and the upstream as a witness of its requests. */
export interface World extends Witness {
  readonly client: LinkhaulClient;
  readonly apiUrl: string;
  readonly upstreamUrl: string;
  readonly api: Awaited<ReturnType<typeof startStack>>['api'];
  readonly workers: Awaited<ReturnType<typeof startStack>>['workers'];
  readonly storageDir: string;
  startWorker: Awaited<ReturnType<typeof startStack>>['startWorker'];
  restartApi: Awaited<ReturnType<typeof startStack>>['restartApi'];
  stop(): Promise<void>;
}

export interface WorldOptions {
  /** Default: one. Use two if the test is about sharing the work. */
  readonly workers?: number;
  readonly env?: Record<string, string>;
}

/** For polling without a test's own `expect`, for example in tests that run concurrently. */
export const WHILE_POLLING = { timeout: 120_000, interval: 100 };

/**
 * Times scaled down, so that what takes minutes at the real upstream takes moments here. The time-out for answers is long enough
 * for a busy machine.
 */
export const SCALED = {
  UPSTREAM_TIMEOUT_MS: '20000',
  UPSTREAM_MAX_RUN_MS: '1000',
  UPSTREAM_SETTLE_MS: '500',
  BACKLINKS_DOMAINS: '800',
  BACKLINKS_LINKS: '30000',
  BACKLINKS_CONTROL: '1',
};

/** The link graph of these settings. The first process that asks for it makes it, the others wait, and all read it. */
export async function graphOf({ BACKLINKS_DOMAINS, BACKLINKS_LINKS }: typeof SCALED): Promise<string> {
  const path = join(inject('graphs'), `${BACKLINKS_DOMAINS}-${BACKLINKS_LINKS}.duckdb`);
  const isFirst = await writeFile(`${path}.claim`, '', { flag: 'wx' }).then(
    () => true,
    () => false,
  );
  if (!isFirst) await vi.waitUntil(() => existsSync(path), WHILE_POLLING);
  return path;
}

/** A Redis prefix that no other test uses. */
export function newPrefix(): string {
  return `e2e-${randomBytes(6).toString('hex')}`;
}

/** For tests whose upstream holds calls until the test releases them: workers wait longer for answers than any test takes. */
export const HOLDING = { UPSTREAM_TIMEOUT_MS: '300000' };

/** For tests that kill processes: the other processes notice the death sooner. */
export const SOON_DEAD = { TIME_SCALE: '0.4' };

/** For tests that kill workers: the slots that they held are free again after this time. */
export const SHORT_LEASES = { ...SOON_DEAD, UPSTREAM_TIMEOUT_MS: '6000' };

export async function startWorld({ workers = 1, env = {} }: WorldOptions = {}): Promise<World> {
  const dataDir = await mkdtemp(join(tmpdir(), 'linkhaul-e2e-'));
  const scaled = { ...SCALED, ...env };
  const upstream = await takeUpstream({ BACKLINKS_DATA: await graphOf(scaled), ...scaled });
  const stack = await startStack({
    dataDir,
    workers,
    backlinks: false,
    env: {
      PATH: environment.PATH,
      REDIS_URL: environment.TEST_REDIS_URL,
      REDIS_PREFIX: newPrefix(),
      UPSTREAM_URL: upstream.url,
      UPSTREAM_LOGIN: 'local',
      UPSTREAM_PASSWORD: 'local',
      ...scaled,
    },
  });
  return {
    client: stack.client,
    apiUrl: stack.apiUrl,
    upstreamUrl: upstream.url,
    api: stack.api,
    workers: stack.workers,
    storageDir: join(dataDir, 'storage'),
    startWorker: () => stack.startWorker(),
    restartApi: () => stack.restartApi(),
    ...witnessAt(upstream.url),
    async stop() {
      await stack.stop();
      await upstream.giveBack();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A test that opens worlds, which stop when it ends. It may run concurrently with others. */
export const test = base.extend<{ open(env?: Record<string, string>, workers?: number): Promise<World> }>({
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads from the pattern that no other fixture is needed
  open: async ({}, use) => {
    const worlds: World[] = [];
    await use(async (env = {}, workers = 1) => {
      const world = await startWorld({ workers, env });
      worlds.push(world);
      return world;
    });
    await Promise.all(worlds.map((world) => world.stop()));
  },
});

export function witnessAt(url: string): Witness {
  const control = async (path: string, init?: RequestInit) => {
    const response = await fetch(`${url}/__control/${path}`, init);
    if (!response.ok) throw new Error(`control ${path}: ${await response.text()}`);
    return response.json();
  };
  const send = async (method: string, path: string, body: unknown) => {
    await control(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  };
  const record = async () => recorded.parse(await control('record'));
  return {
    record,
    async arrived(jobId, calls) {
      const count = async () => (await record()).requests.filter(({ tag }) => tag?.startsWith(`${jobId}.`)).length;
      await vi.waitUntil(async () => (await count()) >= calls, WHILE_POLLING);
    },
    settings: (changes) => send('PUT', 'settings', changes),
    fault: (fault) => send('POST', 'faults', fault),
    async clearFaults() {
      await control('faults', { method: 'DELETE' });
    },
  };
}

/** The job's calls whose answers are in storage. */
export async function answered({ storageDir }: Pick<World, 'storageDir'>, jobId: string): Promise<string[]> {
  const paths = (await readdir(storageDir, { recursive: true })).filter((path) => path.includes(jobId));
  return paths.flatMap((path) => /\/answers\/\d+\/(\d+)\.\d+$/.exec(path)?.[1] ?? []);
}

export async function collect<T>(lines: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

/** Made-up domains under a real top-level domain. */
export function domains(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `site-${index + 1}.com`);
}

/** Dollars as whole nano-dollars, so that sums can be compared to the last digit. */
export function nanos(usd: number): number {
  return Math.round(usd * 1e9);
}
