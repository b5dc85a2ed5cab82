import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AppContext } from './context.js';
import type { Encoded } from './send.js';

const PIECES = 20;

/** Breaks the connection. Like all functions here, returns the response that tells the server to write nothing more. */
export function dropConnection(c: AppContext): Response {
  c.env.incoming?.socket.destroy();
  return written();
}

/** Sends nothing until the client leaves or this process stops. */
export async function untilClientLeaves(c: AppContext, stopping: AbortSignal): Promise<Response> {
  const outgoing = c.env.outgoing;
  if (outgoing && !outgoing.closed) await once(outgoing, 'close', { signal: stopping }).catch(() => {});
  return dropConnection(c);
}

/** Sends the headers for the whole length and half of the body, then breaks the connection. */
export async function sendHalf(c: AppContext, answer: Encoded): Promise<Response> {
  const outgoing = begin(c, answer);
  if (outgoing === null) return dropConnection(c);
  const half = answer.bytes.subarray(0, answer.bytes.length >> 1);
  await new Promise<void>((resolve) => outgoing.write(half, () => resolve()));
  return dropConnection(c);
}

/** Sends the body in small pieces over `durationMs`. Stops when the client leaves. */
export async function sendSlowly(c: AppContext, answer: Encoded, pace: Pace): Promise<Response> {
  const outgoing = begin(c, answer);
  if (outgoing === null) return dropConnection(c);
  const left = new AbortController();
  outgoing.once('close', () => left.abort());
  const signal = AbortSignal.any([left.signal, pace.stopping]);
  const length = Math.max(1, Math.ceil(answer.bytes.length / PIECES));
  for (let from = 0; from < answer.bytes.length; from += length) {
    await sleep(pace.durationMs / PIECES, undefined, { signal }).catch(() => {});
    if (outgoing.destroyed) return written();
    outgoing.write(answer.bytes.subarray(from, from + length));
  }
  outgoing.end();
  return written();
}

interface Pace {
  readonly durationMs: number;
  /** When this aborts, the rest is sent at once. */
  readonly stopping: AbortSignal;
}

/** Null if the client is gone. */
function begin(c: AppContext, { headers, bytes }: Encoded): ServerResponse | null {
  const { outgoing } = c.env;
  if (outgoing === undefined || outgoing.destroyed) return null;
  // A client that leaves is not an error of this process.
  outgoing.on('error', () => {});
  outgoing.writeHead(200, { ...headers, ...signatureOf(c), 'Content-Length': bytes.length });
  return outgoing;
}

/** Tells Hono's Node server that the answer has been written already or never will be. */
function written(): Response {
  return new Response(null, { headers: { 'x-hono-already-sent': 'true' } });
}

/** The header that marks answers over generated data. */
export function signatureOf(c: AppContext): Readonly<Record<string, string>> {
  return c.get('isSimulated') ? { 'X-Linkhaul-Simulated': '1' } : {};
}
