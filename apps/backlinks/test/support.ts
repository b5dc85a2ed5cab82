import { join } from 'node:path';
import { createLogger, listen } from '@linkhaul/runtime';
import { type UpstreamEnvelope, upstreamEnvelope } from '@linkhaul/schemas';
import { inject, vi } from 'vitest';
import { z } from 'zod';
import type {} from '../../../e2e/graphs.js';
import { type AccountSettings, STARTING_SETTINGS } from '../src/account.js';
import { createApp } from '../src/app.js';
import type { Credentials } from '../src/credentials.js';
import { type Graph, openGraph } from '../src/graph/open.js';
import { seedTargetsOf } from '../src/graph/seed-targets.js';
import type { GraphSettings } from '../src/graph/settings.js';
import { createState } from '../src/state.js';

export const SEED_TARGETS = [
  'forbes.com',
  'cnn.com',
  'https://www.apple.com/iphone/',
  'https://ahrefs.com/blog/',
  'http://deep.docs.example.co.uk/a?b=c',
];

export const SMALL: GraphSettings = { seed: 7, domains: 100, links: 4000, seedTargets: seedTargetsOf(SEED_TARGETS) };

const SETTINGS: AccountSettings = {
  ...STARTING_SETTINGS,
  latency_ms: 0,
  max_per_minute: 100_000,
  max_in_flight: 30,
  id_list_per_minute: 10,
  balance_usd: 100,
};

/** One thread: on few rows, threads cost more than they save. */
export const MEANS = { memory: '1GB', threads: 1, queryTimeoutMs: 120_000 };

/** The small graph, which all test files of a run read from one file. */
export function openSmallGraph({ queryTimeoutMs } = MEANS): Promise<Graph> {
  return openGraph({ ...MEANS, queryTimeoutMs, path: join(inject('graphs'), 'small.duckdb'), settings: SMALL });
}

/** A graph in memory that differs from the small one. */
export function openOtherGraph(settings: Partial<GraphSettings>): Promise<Graph> {
  return openGraph({ ...MEANS, path: ':memory:', settings: { ...SMALL, ...settings } });
}

export interface StartOptions {
  readonly settings?: Partial<AccountSettings>;
  readonly control?: boolean;
  readonly credentials?: Credentials;
  readonly now?: () => number;
}

export type Server = Awaited<ReturnType<typeof startServer>>;

/** The process's own application on a free port of this machine. */
export async function startServer(graph: Graph, options: StartOptions = {}) {
  const now = options.now ?? Date.now;
  const stopping = new AbortController();
  const app = createApp({
    graph,
    state: createState({ ...SETTINGS, ...options.settings }, now),
    logger: createLogger('backlinks', 'silent'),
    credentials: options.credentials ?? { login: 'local', password: 'secret', token: 'key' },
    control: options.control ?? true,
    now,
    stopping: stopping.signal,
  });
  const server = await listen(app.fetch, { host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${server.port}`;
  return {
    graph,
    url,
    /** As the process does first when it stops. */
    interrupt: () => stopping.abort(),
    stop: async () => {
      stopping.abort();
      await server.close(2000);
    },
    /** Posts a body as it is given, or as JSON. */
    post: (path: string, body: unknown, init: RequestInit = {}) => {
      const raw = typeof body === 'string' || body instanceof Uint8Array;
      return fetch(url + path, {
        method: 'POST',
        body: raw ? body : JSON.stringify(body),
        ...init,
        headers: { authorization: AUTHORIZATION, ...init.headers },
      });
    },
    control: async (method: string, path: string, body?: unknown) => {
      const init = body === undefined ? {} : { body: JSON.stringify(body) };
      return fetch(`${url}/__control${path}`, { method, ...init });
    },
  };
}

export const AUTHORIZATION = `Basic ${Buffer.from('local:secret').toString('base64')}`;

/** Runs one task and gives the whole answer. On a connection of its own: a kept one ends when a test computes for seconds. */
export async function call(server: Server, name: string, task: unknown): Promise<UpstreamEnvelope> {
  const answer = await server.post(`/v3/backlinks/${name}/live`, [task], { headers: { connection: 'close' } });
  return upstreamEnvelope.parse(await answer.json());
}

const listResult = z.object({
  target: z.string().optional(),
  total_count: z.number().optional(),
  items_count: z.number(),
  items: z.array(z.looseObject({})).nullable(),
  search_after_token: z.string().optional(),
});

export type ListResult = z.infer<typeof listResult>;

/** Runs one task that must be `Ok.`, and gives its `result[0]`. */
export async function resultOf(server: Server, name: string, task: unknown): Promise<ListResult> {
  const envelope = await call(server, name, task);
  const [first] = envelope.tasks ?? [];
  if (first?.status_code !== 20000) throw new Error(`${first?.status_code} ${first?.status_message}`);
  return listResult.parse(first.result?.[0]);
}

const record = z.object({
  requests: z.array(
    z.object({
      n: z.number(),
      at: z.string(),
      answered_at: z.string().nullable(),
      ended_at: z.string().nullable(),
      path: z.string(),
      endpoint: z.string().nullable(),
      targets: z.number(),
      task_id: z.string().nullable(),
      fault: z.string().nullable(),
      tag: z.string().nullable(),
      in_flight: z.number(),
      rolling_minute: z.number(),
      http_status: z.number().nullable(),
      status_code: z.number().nullable(),
      task_status_code: z.number().nullable(),
      cost_usd: z.number(),
      items: z.number(),
    }),
  ),
  next: z.number(),
  totals: z.object({
    requests: z.number(),
    charged: z.number(),
    cost_usd: z.number(),
    items: z.number(),
    open: z.number(),
    codes: z.record(z.string(), z.number()),
    max_in_flight: z.number(),
    max_rolling_minute: z.number(),
  }),
});

export async function recordOf(server: Server, page = ''): Promise<z.infer<typeof record>> {
  return record.parse(await (await server.control('GET', `/record${page}`)).json());
}

/** Asks again until the record has it. */
export async function recordWith(server: Server, has: (seen: z.infer<typeof record>) => boolean) {
  const look = async () => {
    const seen = await recordOf(server);
    return has(seen) && seen;
  };
  return vi.waitUntil(look, { timeout: 120_000, interval: 10 });
}

/** A `GET` of the API, as an envelope. */
export async function getEnvelope(server: Server, path: string): Promise<UpstreamEnvelope> {
  const answer = await fetch(server.url + path, { headers: { authorization: AUTHORIZATION } });
  return upstreamEnvelope.parse(await answer.json());
}
