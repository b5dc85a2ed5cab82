import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AppContext } from './context.js';
import type { Encoded } from './send.js';

const PIECES = 20;

/** The connection breaks. As all here, this gives the response which says that nothing more is to be written. */
export function dropConnection(c: AppContext): Response {
  c.env.incoming?.socket.destroy();
  return written();
}

/** Nothing comes until the client leaves or this process stops. */
export async function untilClientLeaves(c: AppContext, stopping: AbortSignal): Promise<Response> {
  const outgoing = c.env.outgoing;
  if (outgoing && !outgoing.closed) await once(outgoing, 'close', { signal: stopping }).catch(() => {});
  return dropConnection(c);
}

/** The head promises the whole body; half of it comes, then the connection breaks. */
export async function sendHalf(c: AppContext, answer: Encoded): Promise<Response> {
  const outgoing = begin(c, answer);
  if (outgoing === null) return dropConnection(c);
  const half = answer.bytes.subarray(0, answer.bytes.length >> 1);
  await new Promise<void>((resolve) => outgoing.write(half, () => resolve()));
  return dropConnection(c);
}

/** The body comes in small pieces over that time. A client that leaves ends it. */
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
  /** From then on the rest comes at once. */
  readonly stopping: AbortSignal;
}

/** Null where there is nobody to write to. */
function begin(c: AppContext, { headers, bytes }: Encoded): ServerResponse | null {
  const { outgoing } = c.env;
  if (outgoing === undefined || outgoing.destroyed) return null;
  // A client that leaves is no failure of this process.
  outgoing.on('error', () => {});
  outgoing.writeHead(200, { ...headers, 'X-Linkhaul-Simulated': '1', 'Content-Length': bytes.length });
  return outgoing;
}

/** The sign by which Node's server knows that the answer has been written, or never will be. */
function written(): Response {
  return new Response(null, { headers: { 'x-hono-already-sent': 'true' } });
}
