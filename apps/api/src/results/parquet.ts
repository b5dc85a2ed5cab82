import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import { createCounts } from '@linkhaul/runtime';
import type { EndpointName } from '@linkhaul/schemas';
import { ApiProblem } from '../problem.js';
import type { Form, Lines, Piece } from './forms.js';
import type { ParquetPart } from './parquet-file.js';

/** The thread runs the built file, in tests too, because Node 20 cannot run TypeScript. */
const BUILT = import.meta.url.endsWith('.ts') ? '../../dist/' : './';
const THREAD = new URL(`${BUILT}parquet-thread.js`, import.meta.url);

/** How many pieces of lines may wait for the thread while it encodes a group. */
const MOST_WAITING = 4;

/** The most threads in this process, and for one tenant. A thread may hold 150 MB for as long as its client reads. */
export const MOST_THREADS = 8;
export const MOST_OF_A_TENANT = 4;
const RETRY_AFTER_S = '5';
const threads = createCounts();

/** Apache Parquet, encoded in its own thread, so that other requests need not wait for it. */
export function parquetForm({ endpoint, tenant }: JobOfFile): Form {
  return {
    name: 'parquet',
    type: 'application/vnd.apache.parquet',
    extension: 'parquet',
    gzip: false,
    encode: (lines) => encode(lines, { endpoint, tenant }),
  };
}

interface JobOfFile {
  readonly endpoint: EndpointName;
  readonly tenant: string;
}

async function* encode(lines: Lines, { endpoint, tenant }: JobOfFile): AsyncGenerator<Piece> {
  requireRoom(tenant);
  threads.add(tenant);
  try {
    yield* inThread(lines, endpoint);
  } finally {
    threads.remove(tenant);
  }
}

function requireRoom(tenant: string): void {
  const headers = { 'retry-after': RETRY_AFTER_S };
  if (threads.of(tenant) >= MOST_OF_A_TENANT) {
    const detail = `This tenant has ${MOST_OF_A_TENANT} Parquet files written at once: ask again when one is done.`;
    throw new ApiProblem('too_many_requests', detail, { headers });
  }
  if (threads.total >= MOST_THREADS) {
    const detail = `This process is already writing ${MOST_THREADS} Parquet files, the most at once: ask again soon.`;
    throw new ApiProblem('unavailable', detail, { headers });
  }
}

/** The thread ends with the last byte or when the client leaves. If the thread fails, its error is thrown here. */
async function* inThread(lines: Lines, endpoint: EndpointName): AsyncGenerator<Piece> {
  const thread = new Worker(THREAD, { workerData: endpoint, execArgv: [] });
  // `on` also keeps a failure until the next read.
  const parts = on(thread, 'message', { close: ['exit'] });
  let waiting = 0;
  try {
    for await (const some of lines) {
      thread.postMessage(some);
      waiting++;
      if (waiting === MOST_WAITING) {
        waiting--;
        yield* nextPiece(parts);
      }
    }
    thread.postMessage(null);
    for (; waiting >= 0; waiting--) yield* nextPiece(parts);
  } finally {
    await thread.terminate();
  }
}

/** The bytes made of the next piece of lines: none while its group is not full yet. */
async function* nextPiece(parts: ReturnType<typeof on>): AsyncGenerator<Piece> {
  const next = await parts.next();
  if (next.done) throw new Error('the thread that writes Parquet has ended');
  const { bytes, lines }: ParquetPart = next.value[0];
  if (bytes.length > 0) yield { bytes: Buffer.from(bytes.buffer), lines };
}
