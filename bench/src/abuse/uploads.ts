import { request } from 'node:http';
import { quantile, table } from '../figures.js';
import { type Api, during, peakMemory, withApi } from '../interface/api-process.js';
import type { Environment, Say } from '../limits/service.js';

const UPLOADS = 200;
const KEYS = { LINKHAUL_API_KEYS: 'flood:key-of-the-flood-tenant,other:key-of-another-tenant' };
const NEW_JOB = '/v1/jobs?endpoint=bulk_backlinks';

/** Measures what 200 lists of one tenant, sent at once, cost the others. */
export async function benchUploads(env: Environment, say: Say): Promise<Record<string, string>[]> {
  const heading = [
    '200 lists at once',
    'took',
    '202',
    '429',
    'healthz p50',
    'p99',
    'most',
    "another's job p50",
    'most',
    'peak MiB',
  ];
  const rows: string[][] = [];
  for (const lines of [40_000, 200_000]) {
    rows.push(await withApi({ env, say, settings: KEYS }, (api) => measure(lines, api)));
  }
  for (const line of table([heading, ...rows])) say(line);
  say('');
  say(
    'Text, of one tenant. /healthz is asked every 5 ms beside them, and another tenant submits jobs of ten rows one by one.',
  );
  return rows.map((row) => Object.fromEntries(heading.map((name, column) => [`${column} ${name}`, row[column] ?? ''])));
}

async function measure(lines: number, api: Api): Promise<string[]> {
  const list = Array.from({ length: lines }, (_, at) => `site-${at}.example.com\n`).join('');
  const statuses: number[] = [];
  let over = false;
  const others: number[] = [];
  const { ms, probes } = await during(api, async () => {
    const beside = (async () => {
      while (!over) {
        const from = performance.now();
        await post(api, 'key-of-another-tenant', list.slice(0, 200));
        others.push(performance.now() - from);
      }
    })();
    const flood = Array.from({ length: UPLOADS }, () => post(api, 'key-of-the-flood-tenant', list));
    statuses.push(...(await Promise.all(flood)));
    over = true;
    await beside;
  });
  const count = (status: number) => String(statuses.filter((one) => one === status).length);
  return [
    `of ${lines} rows, ${(list.length / 1_000_000).toFixed(1)} MB`,
    `${(ms / 1000).toFixed(1)} s`,
    count(202),
    count(429),
    ...[quantile(probes, 0.5), quantile(probes, 0.99), Math.max(...probes)].map(inMs),
    ...[quantile(others, 0.5), Math.max(...others)].map(inMs),
    await peakMemory(api.pid),
  ];
}

function inMs(ms: number): string {
  return `${ms.toFixed(0)} ms`;
}

/** The answer's status; 0 if the connection ended without one. */
function post({ url }: Api, key: string, body: string): Promise<number> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'text/plain', 'content-length': body.length };
    const sent = request(url + NEW_JOB, { method: 'POST', headers, agent: false }, (answer) => {
      answer.resume().on('close', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('error', () => resolve(0));
    sent.end(body);
  });
}
