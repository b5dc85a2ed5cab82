import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, type Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { runCli } from '../src/run.js';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A real HTTP server in the service's place, closed when the test ends. It keeps what it was asked. */
export async function serve(answer: (request: SeenRequest, response: ServerResponse) => void) {
  const seen: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    const { method = '', url = '/', headers } = request;
    const entry = { method, url, headers, body: await buffer(request) };
    seen.push(entry);
    answer(entry, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => void server.close(() => resolve()));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, seen };
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

const TYPES: Readonly<Record<string, string>> = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8; header=present',
  parquet: 'application/vnd.apache.parquet',
};

/** Says that the answer is of the form that was asked for, as the service does. */
export function asAsked({ url }: SeenRequest, response: ServerResponse): ServerResponse {
  const format = new URL(url, 'http://localhost').searchParams.get('format') ?? '';
  return response.setHeader('content-type', TYPES[format] ?? 'application/json');
}

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface InvokeOptions {
  readonly url: string;
  readonly stdin?: string | Readable;
  readonly env?: Record<string, string>;
  readonly interrupted?: AbortSignal;
  /** In the place of what is read to its end. */
  readonly stdout?: Writable;
  /** Gets what is said on standard error, as it is said. */
  readonly onScreen?: (text: string) => void;
}

/** A folder of its own, so that no run remembers another's. */
async function stateHome(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'linkhaul-state-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs a command line in this process, with pipes for its streams. */
export async function invoke(words: readonly string[], options: InvokeOptions): Promise<Run> {
  const { url, stdin = '', env = {}, interrupted = new AbortController().signal, onScreen } = options;
  const pipe = new PassThrough();
  const written = buffer(pipe);
  let stderr = '';
  const code = await runCli({
    words,
    env: { LINKHAUL_URL: url, XDG_STATE_HOME: env.XDG_STATE_HOME ?? (await stateHome()), ...env },
    version: '1.2.3',
    terminal: {
      stdin: typeof stdin === 'string' ? Readable.from(stdin === '' ? [] : [Buffer.from(stdin)]) : stdin,
      stdinIsTTY: false,
      stdout: options.stdout ?? pipe,
      stdoutIsTTY: false,
      screen: {
        isTTY: false,
        columns: 80,
        write(text) {
          stderr += text;
          onScreen?.(text);
        },
      },
      interrupted,
    },
  });
  pipe.end();
  return { code, stdout: String(await written), stderr };
}

const AT = '2026-11-01T10:00:00.000Z';

/** A job as the service shows it. */
export function sampleJob(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 'job_1',
    tag: 'weekly',
    endpoint: 'bulk_backlinks',
    tenant: 'local',
    params: {},
    metadata: {},
    max_items_per_target: null,
    max_cost_usd: null,
    on_budget: 'pause',
    deadline: null,
    on_invalid: 'skip',
    on_overlap: 'allow',
    retention_days: 30,
    start: 'auto',
    target_as: 'given',
    keep_www: false,
    webhook: null,
    status: 'running',
    reason: null,
    outcome: null,
    run: 1,
    upstream: { host: '127.0.0.1', simulated: true },
    created_at: AT,
    started_at: AT,
    finished_at: null,
    expires_at: null,
    rows: { total: 2, pending: 2, ok: 0, empty: 0, failed: 0, invalid: 0, skipped: 0 },
    duplicates: 0,
    items: 0,
    calls: { planned: 1, done: 0, failed: 0, unknown: 0, in_flight: 1, attempts: 1 },
    cost: { estimated_usd: 0.1, spent_usd: 0, reserved_usd: 0.1, unconfirmed_usd: 0, wasted_usd: 0 },
    history: [],
    progress: 0,
    eta_ms: null,
    bound_by: null,
    bound_detail: null,
    links: { self: '/', results: '/', rows: '/', events: '/' },
    ...changes,
  };
}

export const finishedJob = sampleJob({ status: 'completed', outcome: 'complete', finished_at: AT, progress: 1 });
