import { z } from 'zod';
import { table } from '../figures.js';
import { type Api, during, peakMemory, withApi } from '../interface/api-process.js';
import type { Environment, Say } from '../limits/service.js';
import { type Flood, floods } from './floods.js';

const ANSWER_WITHIN_MS = 10_000;

/** Measures the answer to each hostile body, with a new process for each: its time, its size and the peak memory. */
export async function benchBodies(env: Environment, say: Say): Promise<Record<string, string>[]> {
  const heading = ['body', 'sent', 'status', 'answer', 'errors', 'after', 'healthz most', 'peak MiB', 'before'];
  const rows: string[][] = [];
  for (const flood of floods()) rows.push(await withApi({ env, say }, (api) => measure(flood, api)));
  for (const line of table([heading, ...rows])) say(line);
  for (const note of NOTES) say(note);
  return rows.map((row) => Object.fromEntries(heading.map((name, column) => [name, row[column] ?? ''])));
}

async function measure(flood: Flood, api: Api): Promise<string[]> {
  const { url, pid } = api;
  const path = flood.path.replace(':id', await submit(url));
  const before = await peakMemory(pid);
  const { result: answer, probes } = await during(api, () => send({ ...flood, path }, url));
  return [
    flood.name,
    `${flood.body.length} B`,
    ...(answer === null
      ? ['none', '', '', `> ${ANSWER_WITHIN_MS / 1000} s`]
      : [String(answer.status), `${answer.bytes} B`, String(answer.errors), `${answer.ms.toFixed(0)} ms`]),
    `${Math.max(...probes).toFixed(0)} ms`,
    await peakMemory(pid),
    before,
  ];
}

const job = z.object({ id: z.string() });

/** Submits a job, which also warms the process up: its first request is always slower. */
async function submit(url: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ endpoint: 'bulk_backlinks', targets: ['example.com'] });
  const answer = await fetch(`${url}/v1/jobs`, { method: 'POST', headers, body });
  return job.parse(await answer.json()).id;
}

const problem = z.object({ errors: z.array(z.unknown()).default([]) });

interface Answer {
  readonly status: number;
  readonly bytes: number;
  readonly errors: number;
  readonly ms: number;
}

/** Null if no whole answer came in time. */
async function send({ method, path, body }: Flood, url: string): Promise<Answer | null> {
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  const startedAt = performance.now();
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  try {
    const answer = await fetch(`${url}${path}`, { method, headers, body: new Uint8Array(body), signal });
    const text = await answer.text();
    const ms = performance.now() - startedAt;
    const { errors } = problem.parse(JSON.parse(text));
    return { status: answer.status, bytes: Buffer.byteLength(text), errors: errors.length, ms };
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}

const NOTES = [
  '',
  "sent: gzip on the wire; after: from the request to the last byte of its answer; peak: the API process's VmHWM at the end,",
  'and before the request. /healthz is asked by another connection every 5 ms.',
];
