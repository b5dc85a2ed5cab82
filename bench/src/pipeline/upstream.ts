import type { IncomingMessage } from 'node:http';
import { serveLoopback } from '../loopback.js';
import { answerTo } from './answers.js';
import { type BulkName, callsFor } from './lists.js';

/** A Backlinks API without limits or latency, whose answers are prepared in advance. */
export interface PreparedUpstream {
  readonly url: string;
  /** When each call arrived, since the last `forget`, in milliseconds since the epoch. */
  readonly arrivals: readonly number[];
  /** When each call was answered. */
  readonly answers: readonly number[];
  forget(): void;
  /** Cuts off requests that wait for an answer, and all later ones, until the next `forget`. */
  hangUp(): void;
  close(): void;
}

const FIRST_TARGET = /"targets?":\[?"([^"]*)"/;
const JSON_GZIP = { 'content-type': 'application/json', 'content-encoding': 'gzip' };

/** Without an endpoint, calls get no answer, and only the times of their arrival are recorded. */
export async function startPreparedUpstream(endpoint: BulkName | null): Promise<PreparedUpstream> {
  const prepared = endpoint === null ? null : await prepare(endpoint);
  let arrivals: number[] = [];
  let answers: number[] = [];
  let gone = false;
  const { server, url, close } = await serveLoopback(async (request, response) => {
    const target = FIRST_TARGET.exec(await textOf(request))?.[1];
    // Other requests of a worker, such as for the balance.
    if (target === undefined) return void response.writeHead(404).end();
    if (gone) return void request.destroy();
    arrivals.push(Date.now());
    const body = prepared?.get(target);
    if (prepared === null) return;
    if (body === undefined) return void response.writeHead(500).end();
    response.writeHead(200, JSON_GZIP).end(body);
    answers.push(Date.now());
  });
  return {
    url,
    get arrivals() {
      return arrivals;
    },
    get answers() {
      return answers;
    },
    forget() {
      arrivals = [];
      answers = [];
      gone = false;
    },
    hangUp() {
      gone = true;
      server.closeAllConnections();
    },
    close,
  };
}

/** Prepared answers, by the first target of their call. */
async function prepare(endpoint: BulkName): Promise<Map<string, Buffer>> {
  const prepared = new Map<string, Buffer>();
  for (const targets of await callsFor(endpoint)) prepared.set(targets[0] ?? '', await answerTo(endpoint, targets));
  return prepared;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('latin1');
}
