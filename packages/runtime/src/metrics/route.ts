import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { type Family, metricsText } from './family.js';

interface MetricsRoute {
  readonly read: () => Family[] | Promise<Family[]>;
  /** Null: anyone who can reach the port may read. */
  readonly token: string | null;
  /** What a request without the token is answered with. */
  readonly refuse: () => Response;
}

/** `GET /metrics`, with the token as a bearer's where there is one. */
export function metricsRoute({ read, token, refuse }: MetricsRoute): Hono {
  return new Hono().get('/metrics', async (c) => {
    if (token !== null && !isBearer(c.req.header('authorization'), token)) return refuse();
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
