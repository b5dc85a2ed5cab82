import { get, type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { median, quantile, table } from '../figures.js';
import { targets } from '../limits/cell.js';
import { type Environment, type Say, withService } from '../limits/service.js';
import { during } from './api-process.js';
import { startBulkUpstream } from './upstream.js';

const MILLION = 1_000_000;
/** Stored files are read this many times; the figure is the median. */
const ROUNDS = 5;

interface Reading {
  readonly name: string;
  readonly path: string;
  readonly method?: 'HEAD';
  readonly gzip?: boolean;
  /** 1 for a form that was not read before: the first download also writes it. */
  readonly rounds: number;
}

const NDJSON = 'results?format=ndjson';
const CSV = 'results?format=csv';
const PARQUET = 'results?format=parquet';

const AT_ONCE: Reading = { name: 'NDJSON, read at once after the job', path: NDJSON, rounds: 1 };
/** Long enough for files to be written ahead, even on a busy machine. */
const SOON_MS = 20_000;

/** In this order, because the first download of a form writes its files. */
const READINGS: readonly Reading[] = [
  { name: `NDJSON, first read ${SOON_MS / 1000} s after the job`, path: NDJSON, rounds: 1 },
  { name: 'NDJSON, stored', path: NDJSON, rounds: ROUNDS },
  { name: 'NDJSON, stored, gzip', path: NDJSON, gzip: true, rounds: ROUNDS },
  { name: 'CSV, never read before: HEAD', path: CSV, method: 'HEAD', rounds: 1 },
  { name: 'CSV, stored', path: CSV, rounds: ROUNDS },
  { name: 'CSV, stored, gzip', path: CSV, gzip: true, rounds: ROUNDS },
  { name: 'Parquet, never read before', path: PARQUET, rounds: 1 },
  { name: 'Parquet, stored', path: PARQUET, rounds: ROUNDS },
  { name: 'manifest', path: 'manifest', rounds: ROUNDS },
];

/** Measures downloads of a finished job of a million rows, in every form, and how fast others are answered meanwhile. */
export async function benchDownloads(env: Environment, say: Say): Promise<Record<string, string>[]> {
  const heading = ['download', 'MB', 'first byte', 'whole s', 'MB/s', 'healthz p50', 'p99', 'most'];
  const upstream = await startBulkUpstream(0);
  const options = { env, say, upstreamUrl: upstream.url, workers: 2, perMinute: 1_000_000, inFlight: 30 };
  const rows: string[][] = [];
  try {
    await withService(options, async ({ client, url }) => {
      const run = async () => {
        const job = await client.submitText({ endpoint: 'bulk_backlinks' }, targets(MILLION).join('\n'));
        await client.waitFor(job.id);
        return { url, jobUrl: `${url}/v1/jobs/${job.id}`, plainMegabytes: new Map<string, number>() };
      };
      rows.push(await measure(AT_ONCE, await run()));
      const service = await run();
      await sleep(SOON_MS);
      for (const reading of READINGS) rows.push(await measure(reading, service));
    });
  } finally {
    upstream.close();
  }
  for (const line of table([heading, ...rows])) say(line);
  for (const note of NOTES) say(note);
  return rows.map((row) => Object.fromEntries(heading.map((name, column) => [name, row[column] ?? ''])));
}

interface Service {
  readonly url: string;
  readonly jobUrl: string;
  /** The uncompressed answer of a path. */
  readonly plainMegabytes: Map<string, number>;
}

async function measure(reading: Reading, { url, jobUrl, plainMegabytes }: Service): Promise<string[]> {
  const { name, path, gzip = false, rounds } = reading;
  const [firsts, wholes, probes]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    const run = await during({ url }, async () => {
      const { firstMs, bytes } = await download(`${jobUrl}/${path}`, reading);
      firsts.push(firstMs);
      if (!gzip) plainMegabytes.set(path, bytes / MILLION);
    });
    wholes.push(run.ms);
    probes.push(...run.probes);
  }
  const megabytes = reading.method === 'HEAD' ? 0 : (plainMegabytes.get(path) ?? 0);
  const seconds = median(wholes) / 1000;
  return [
    name,
    megabytes.toFixed(1),
    inMs(median(firsts)),
    seconds.toFixed(2),
    megabytes < 1 ? '' : (megabytes / seconds).toFixed(0),
    ...[quantile(probes, 0.5), quantile(probes, 0.99), Math.max(...probes)].map(inMs),
  ];
}

function inMs(ms: number): string {
  return `${ms.toFixed(1)} ms`;
}

/** Not by `fetch`, which would decompress the body. `firstMs`: the time to the body's first byte, or to the end of an empty one. */
function download(url: string, { method, gzip = false }: Reading): Promise<{ firstMs: number; bytes: number }> {
  const startedAt = performance.now();
  const headers = gzip ? { 'accept-encoding': 'gzip' } : {};
  return new Promise((resolve, reject) => {
    const read = (answer: IncomingMessage) => {
      if (answer.statusCode !== 200) return reject(new Error(`${url} answered with ${answer.statusCode}`));
      let bytes = 0;
      let firstMs: number | null = null;
      answer.on('data', (chunk: Buffer) => {
        firstMs ??= performance.now() - startedAt;
        bytes += chunk.length;
      });
      answer.on('error', reject);
      answer.on('end', () => resolve({ firstMs: firstMs ?? performance.now() - startedAt, bytes }));
    };
    const sent = method === undefined ? get(url, { headers }, read) : request(url, { method, headers }, read).end();
    sent.on('error', reject);
  });
}

const NOTES = [
  '',
  'A job of 1,000,000 rows of bulk_backlinks, file storage, everything on this machine, the reader too. MB and MB/s are of',
  'the content before gzip; stored readings are medians. NDJSON is written in the seconds after the job, other forms while they',
  'are read for the first time, and before HEAD is answered. /healthz is asked by another connection every 5 ms meanwhile.',
];
