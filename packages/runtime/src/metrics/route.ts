import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { isLocalCaller, isLoopback } from '../http/local-caller.js';
import { type Family, metricsText } from './family.js';

interface MetricsRoute {
  readonly read: () => Family[] | Promise<Family[]>;
  /** Null: only who calls from this machine may read, and only where nobody else can reach the port. */
  readonly token: string | null;
  /** Where the server listens. */
  readonly host: string;
  /** What a request is answered with that may not read, and why. */
  readonly refuse: (detail: string) => Response;
}

const SEND_TOKEN = 'Send METRICS_TOKEN as "Authorization: Bearer <token>".';
const SET_TOKEN = 'Set METRICS_TOKEN: without it only this machine may read the metrics, by a loopback address.';

/** `GET /metrics`, with the token as a bearer's where there is one. */
export function metricsRoute({ read, token, host, refuse }: MetricsRoute): Hono {
  return new Hono().get('/metrics', async (c) => {
    const header = (name: string) => c.req.header(name);
    if (token === null && !(isLoopback(host) && isLocalCaller(header))) return refuse(SET_TOKEN);
    if (token !== null && !isBearer(header('authorization'), token)) return refuse(SEND_TOKEN);
    c.header('content-type', 'text/plain; version=0.0.4; charset=utf-8');
    return c.body(metricsText(await read()));
  });
}

/** Digests are compared, so that the time taken says nothing about the token, nor about its length. */
function isBearer(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
