import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { Agent, get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { type Stack, startStack } from '@linkhaul/stack';
import { z } from 'zod';
import type { Environment, Say } from '../limits/service.js';

const recorded = z.object({
  requests: z.array(
    z.object({
      /** Null for a request that is not a call. */
      tag: z.string().nullable(),
      cost_usd: z.number(),
      ended_at: z.string().nullable(),
    }),
  ),
});

/** One attempt of a call, by the first part of its tag: `<job>.<call>.<attempt>`. */
export type Tag = string;

export interface CrashWorld {
  readonly stack: Stack;
  /** The cost of each attempt that reached the upstream, in nano-dollars, in the order of arrival. */
  sent(): Promise<ReadonlyMap<Tag, number>>;
  /** The attempts whose answers are in storage. */
  stored(): Promise<ReadonlySet<Tag>>;
}

interface WorldOptions {
  readonly env: Environment;
  readonly say: Say;
  /** Calls that a worker runs at once. */
  readonly places: number;
  readonly latencyMs: number;
}

/** Times are scaled down, so that minutes at the real upstream are moments here. No call comes near its time-out. */
const SCALED = { UPSTREAM_TIMEOUT_MS: '10000', UPSTREAM_MAX_RUN_MS: '1000', UPSTREAM_SETTLE_MS: '500' };
/** A dead worker's leases keep their slots for a while. There are enough slots for 20 kills, and the rate does not limit. */
const LIMITS = {
  UPSTREAM_MAX_IN_FLIGHT: '200',
  BACKLINKS_MAX_IN_FLIGHT: '200',
  UPSTREAM_MAX_PER_MINUTE: '10000',
  BACKLINKS_MAX_PER_MINUTE: '10000',
};
const SMALL_GRAPH = { BACKLINKS_DOMAINS: '800', BACKLINKS_LINKS: '30000' };

/** Runs Redis, the local Backlinks API and the API, without workers. They end with the work, and their files are removed. */
export async function withCrashWorld<T>(options: WorldOptions, work: (world: CrashWorld) => Promise<T>): Promise<T> {
  const { env, say, places, latencyMs } = options;
  const dataDir = await mkdtemp(join(tmpdir(), 'linkhaul-bench-'));
  const settings = {
    PATH: env.PATH,
    ...SCALED,
    ...LIMITS,
    ...SMALL_GRAPH,
    BACKLINKS_CONTROL: '1',
    BACKLINKS_LATENCY_MS: String(latencyMs),
    WORKER_CONCURRENCY: String(places),
  };
  const start = startStack({ dataDir, workers: 0, backlinks: true, mayInstall: true, say, env: settings });
  try {
    const stack = await start;
    return await work({
      stack,
      sent: () => sentTo(`${stack.backlinksUrl}`),
      stored: () => storedIn(join(dataDir, 'storage')),
    }).finally(() => stack.stop());
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Waits until the upstream has no request in flight. Requests of a dead worker end by themselves. */
async function sentTo(upstreamUrl: string): Promise<Map<Tag, number>> {
  for (;;) {
    const { requests } = recorded.parse(await askOnNewConnection(`${upstreamUrl}/__control/record`));
    if (requests.some(({ ended_at }) => ended_at === null)) continue;
    return new Map(
      requests.flatMap(({ tag, cost_usd }) =>
        tag === null ? [] : [[attemptIn(tag), Math.round(cost_usd * 1e9)] as const],
      ),
    );
  }
}

/** Uses a new connection, which the upstream accepts after those of a dead worker, so that their requests are counted. */
function askOnNewConnection(url: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const taken = (response: IncomingMessage) => json(response).then(resolve, reject);
    get(url, { agent: new Agent({ keepAlive: false }) }, taken).once('error', reject);
  });
}

/** An answer's file is `…/<job>/answers/<folder>/<call>.<attempt>`. The file of a call that was given up has no answer. */
async function storedIn(root: string): Promise<Set<Tag>> {
  const tags = new Set<Tag>();
  for (const path of await readdir(root, { recursive: true })) {
    const answer = /([^/]+)\/answers\/\d+\/(\d+\.\d+)$/.exec(path);
    if (answer === null) continue;
    const bytes = await readFile(join(root, path));
    const header = bytes.subarray(0, bytes.indexOf('\n'));
    if (!header.includes('"givenUp"')) tags.add(`${answer[1]}.${answer[2]}`);
  }
  return tags;
}

function attemptIn(tag: string): Tag {
  return tag.split('.').slice(0, 3).join('.');
}
