import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { UpstreamRecord } from './harness.js';

const sentTask = z.object({
  targets: z.array(z.string()).optional(),
  target: z.string().optional(),
  limit: z.number().optional(),
  offset: z.number().optional(),
  tag: z.string(),
});

type SentTask = z.infer<typeof sentTask>;
export type Json = Record<string, unknown>;

/** A call in this upstream's record. The record has what it charged, whatever it answered. */
interface RecordedCall {
  readonly id: string;
  readonly endpoint: string;
  readonly task: SentTask;
  readonly nanos: number;
  readonly items: number;
  readonly at: Date;
  /** When the answer was sent, and when the call ended, which may be without an answer. */
  answeredAt: Date | null;
  endedAt: Date | null;
}

export interface RecordingUpstream {
  readonly url: string;
  readonly calls: RecordedCall[];
  /** The same requests, in the form of the local Backlinks API's record. */
  record(): Promise<Pick<UpstreamRecord, 'requests'>>;
  close(): void;
}

interface RecordingOptions {
  /** Writes the entries of the record. Default: unchanged. */
  readonly writeEntry?: WriteEntry;
  /** The number of items in a target's list. Default: three. */
  readonly itemsATarget?: number;
}

/** Writes the answer to a call, either unchanged or as a test needs it. */
export type Write = (response: ServerResponse, answer: Json, task: SentTask) => void;

/** Makes an entry of the record, either unchanged or as a test needs it. */
type WriteEntry = (entry: Json, task: SentTask) => unknown;

const CALL_NANOS = 24_000_000;
const ITEM_NANOS = 36_000;

/** A Backlinks API that shares no code with ours, with a record of its calls. */
export async function startRecordingUpstream(
  write: Write,
  { writeEntry = (entry) => entry, itemsATarget = 3 }: RecordingOptions = {},
): Promise<RecordingUpstream> {
  const calls: RecordedCall[] = [];
  const server = createServer(async (request, response) => {
    const endpoint = (request.url ?? '').split('/')[3] ?? '';
    response.setHeader('content-type', 'application/json');
    if (request.method === 'GET') return response.writeHead(404).end('{"status_code":40400}');
    if (endpoint === 'id_list') {
      return response.end(JSON.stringify(recordOf(calls, await bodyOf(request), writeEntry)));
    }
    const [task] = z.tuple([sentTask]).parse(await bodyOf(request));
    const items = itemsFor(endpoint, task, itemsATarget);
    const nanos = CALL_NANOS + ITEM_NANOS * items.length;
    const id = `11290000-1535-0576-0000-${String(calls.length + 1).padStart(12, '0')}`;
    const call: RecordedCall = {
      ...{ id, endpoint, task, nanos },
      items: items.length,
      at: new Date(),
      answeredAt: null,
      endedAt: null,
    };
    calls.push(call);
    response.once('finish', () => {
      // If the client has left, the answer is written, but never delivered.
      if (call.endedAt === null && !request.socket.readableEnded) call.answeredAt = new Date();
    });
    response.once('close', () => {
      call.endedAt = new Date();
    });
    const total = task.target === undefined ? null : itemsATarget;
    return write(response, answerOf({ id, endpoint, task, cost: nanos / 1e9, items, total }), task);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    record: async () => ({ requests: calls.map(requestOf) }),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function requestOf(call: RecordedCall): UpstreamRecord['requests'][number] {
  return {
    path: `/v3/backlinks/${call.endpoint}/live`,
    tag: call.task.tag,
    status_code: 20000,
    cost_usd: call.nanos / 1e9,
    items: call.items,
    answered_at: call.answeredAt?.toISOString() ?? null,
    at: call.at.toISOString(),
    ended_at: call.endedAt?.toISOString() ?? null,
  };
}

function itemsFor(endpoint: string, { targets = [], target = '', limit, offset = 0 }: SentTask, all: number): Json[] {
  if (endpoint === 'bulk_backlinks') return targets.map((name, at) => ({ target: name, backlinks: at + 1 })).reverse();
  return Array.from({ length: Math.max(0, Math.min(limit ?? all, all - offset)) }, (_, at) => ({
    type: 'backlinks_referring_domain',
    domain: `from-${offset + at}.${target}`,
    rank: offset + at,
  }));
}

interface Answering {
  readonly id: string;
  readonly endpoint: string;
  readonly task: SentTask;
  readonly cost: number;
  readonly items: readonly Json[];
  /** The number of all items of a list. */
  readonly total: number | null;
}

function answerOf({ id, endpoint, task, cost, items, total }: Answering): Json {
  const counts = { items_count: items.length, ...(total !== null && { total_count: total }) };
  const done = { status_code: 20000, status_message: 'Ok.', time: '0.1 sec.', cost };
  return {
    version: '0.1.20260801',
    ...done,
    tasks_count: 1,
    tasks_error: 0,
    tasks: [
      {
        id,
        ...done,
        result_count: 1,
        path: ['v3', 'backlinks', endpoint, 'live'],
        data: { api: 'backlinks', function: endpoint, ...task },
        result: [{ ...(task.target !== undefined && { target: task.target }), ...counts, items }],
      },
    ],
  };
}

const query = z.tuple([
  z.object({ datetime_from: z.string(), datetime_to: z.string(), offset: z.number(), limit: z.number() }),
]);

function recordOf(calls: readonly RecordedCall[], body: unknown, writeEntry: WriteEntry): Json {
  const [{ datetime_from, datetime_to, offset, limit }] = query.parse(body);
  const [from, to] = [Date.parse(datetime_from), Date.parse(datetime_to)];
  const found = calls.filter(({ at }) => at.getTime() >= from - 1000 && at.getTime() <= to + 1000);
  const result = found.slice(offset, offset + limit).map((call) => writeEntry(entryOf(call), call.task));
  return { status_code: 20000, cost: 0, tasks: [{ id: 'r', status_code: 20000, cost: 0, result }] };
}

function entryOf({ id, endpoint, task, nanos, at }: RecordedCall): Json {
  return {
    id,
    url: `https://api/v3/backlinks/${endpoint}/live`,
    datetime_posted: timestamp(at),
    datetime_done: timestamp(at),
    status: '20000',
    cost: nanos / 1e9,
    metadata: task,
  };
}

function timestamp(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace('T', ' ')} +00:00`;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
