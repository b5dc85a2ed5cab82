import { request } from 'node:http';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import { median, quantile, table } from '../figures.js';
import type { Environment, Say } from '../limits/service.js';
import { type Api, during, peakMemory, withApi } from './api-process.js';
import { DUPLICATE_EVERY, FORMS, gzippedList, INVALID_EVERY, type ListForm } from './lists.js';

const MILLION = 1_000_000;
/** Both sides take this many turns, and their medians are compared, so that other load on this machine affects both. */
const ROUNDS = 5;

interface Case {
  readonly form: ListForm;
  readonly rows: number;
  readonly endpoint: 'bulk_backlinks' | 'bulk_pages_summary';
  readonly rounds: number;
}

const CASES: readonly Case[] = [
  { form: 'text', rows: MILLION, endpoint: 'bulk_backlinks', rounds: ROUNDS },
  { form: 'text', rows: MILLION, endpoint: 'bulk_pages_summary', rounds: ROUNDS },
  { form: 'csv', rows: MILLION, endpoint: 'bulk_backlinks', rounds: ROUNDS },
  { form: 'ndjson', rows: MILLION, endpoint: 'bulk_backlinks', rounds: ROUNDS },
  // The endpoint that needs the most memory: it counts domains too.
  { form: 'text', rows: 10 * MILLION, endpoint: 'bulk_pages_summary', rounds: 1 },
];

/**
 * Measures how fast compressed lists are accepted, compared with a loop that only inflates the bytes and cuts them into lines;
 * the API's peak memory; and how fast it answers others meanwhile. Each case has its own process, with file storage.
 */
export async function benchIngest(env: Environment, say: Say): Promise<Record<string, string>[]> {
  const heading = ['list', 'MB', 'loop s', 'upload s', 'times', 'peak MiB', 'healthz p50', 'p99', 'most'];
  const rows: string[][] = [];
  for (const one of CASES) {
    const list = await gzippedList(one.form, one.rows);
    rows.push(await withApi({ env, say }, (api) => measure(one, list, api)));
  }
  for (const line of table([heading, ...rows])) say(line);
  for (const note of NOTES) say(note);
  return rows.map((row) => Object.fromEntries(heading.map((name, column) => [name, row[column] ?? ''])));
}

async function measure(one: Case, list: Buffer, api: Api): Promise<string[]> {
  const [loops, uploads, probes]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < one.rounds; round++) {
    loops.push(await cutIntoLines(list));
    const upload = await during(api, () => submit(one, list, api));
    uploads.push(upload.ms);
    probes.push(...upload.probes);
  }
  return [
    `${one.form}, ${one.rows / MILLION} million, ${one.endpoint}`,
    (list.length / MILLION).toFixed(1),
    (median(loops) / 1000).toFixed(3),
    (median(uploads) / 1000).toFixed(3),
    (median(uploads) / median(loops)).toFixed(1),
    await peakMemory(api.pid),
    ...[quantile(probes, 0.5), quantile(probes, 0.99), Math.max(...probes)].map((ms) => `${ms.toFixed(1)} ms`),
  ];
}

/** The least time to read a list, in milliseconds. */
async function cutIntoLines(list: Buffer): Promise<number> {
  const startedAt = performance.now();
  const gunzip = createGunzip();
  gunzip.end(list);
  let rest = '';
  let lines = 0;
  for await (const chunk of gunzip.setEncoding('utf8')) {
    const cut = (rest + chunk).split('\n');
    rest = cut.pop() ?? '';
    lines += cut.length;
  }
  if (lines === 0) throw new Error('The list has no lines');
  return performance.now() - startedAt;
}

const accepted = z.object({ rows: z.object({ total: z.int(), invalid: z.int() }), duplicates: z.int() });

/** Sends a list, and checks that its counts are exact. */
async function submit({ form, rows, endpoint }: Case, list: Buffer, { url }: Api): Promise<void> {
  const { contentType, query } = FORMS[form];
  const text = await post(`${url}/v1/jobs?${new URLSearchParams({ endpoint, ...query })}`, contentType, list);
  const job = accepted.parse(JSON.parse(text));
  const invalid = Math.floor(rows / INVALID_EVERY);
  const expected = [rows, invalid, Math.floor(rows / DUPLICATE_EVERY) - invalid];
  const counts = [job.rows.total, job.rows.invalid, job.duplicates];
  if (counts.join() !== expected.join()) throw new Error(`The counts are ${counts}, and not ${expected}`);
}

/** Not by `fetch`, which gives up after five minutes without an answer. */
function post(url: string, contentType: string, list: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': contentType, 'content-encoding': 'gzip', 'content-length': list.length };
    const sent = request(url, { method: 'POST', headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => (answer.statusCode === 202 ? resolve(text) : reject(new Error(text))));
    });
    sent.on('error', reject);
    sent.end(list);
  });
}

const NOTES = [
  '',
  'loop: a plain loop in Node over the same compressed bytes, inflated and cut into lines; times: the upload, from the',
  'first byte sent to the 202, over it. Medians of the rounds, which take turns. /healthz is asked by another connection',
  "every 5 ms while lists come in. peak: the API process's VmHWM at the end.",
];
