import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Context, Hono } from 'hono';
import { isLoopback } from '../http/addresses.js';
import { bearerOf } from '../http/bearer.js';
import { isLocalCaller } from '../http/local-caller.js';
import { type Family, metricsText } from './family.js';

/** What the server passes to a route. */
interface Served {
  readonly Bindings: { readonly incoming: IncomingMessage };
}

interface MetricsRoute {
  readonly read: () => Family[] | Promise<Family[]>;
  readonly access: MetricsAccess;
  /** The answer to a request without the token, or if the metrics are closed. */
  readonly refuse: (refusal: MetricsRefusal) => Response;
}

const REFUSALS = {
  closed: {
    status: 403,
    code: 'forbidden',
    detail: 'Set METRICS_TOKEN: without it only this machine may read them, by a loopback HOST and through no proxy.',
    headers: {},
  },
  token: {
    status: 401,
    code: 'unauthorized',
    detail: 'Send METRICS_TOKEN as "Authorization: Bearer <token>".',
    headers: { 'www-authenticate': 'Bearer' },
  },
} as const;

type MetricsRefusal = (typeof REFUSALS)[keyof typeof REFUSALS];

/** Who may read the metrics: requests with the token, requests from this machine, or nobody. */
export type MetricsAccess = { readonly token: string } | 'local' | 'closed';

/** Metrics show what the account spends, so without a token only this machine may read them. */
export function metricsAccess(token: string | undefined, host: string): MetricsAccess {
  if (token !== undefined) return { token };
  return isLoopback(host) ? 'local' : 'closed';
}

/** `GET /metrics`. If a token is set, requests send it as `Authorization: Bearer …`. */
export function metricsRoute(options: MetricsRoute): Hono<Served> {
  return new Hono<Served>().get('/metrics', metricsHandler(options));
}

/** The handler of `GET /metrics`. */
export function metricsHandler<E extends Served>({ read, access, refuse }: MetricsRoute) {
  return async (c: Context<E>): Promise<Response> => {
    if (access === 'closed' || (access === 'local' && !isLocalCaller(c.env.incoming))) return refuse(REFUSALS.closed);
    if (access !== 'local' && !isBearer(c.req.header('authorization'), access.token)) return refuse(REFUSALS.token);
    c.header('content-type', 'text/plain; version=0.0.4; charset=utf-8');
    return c.body(metricsText(await read()));
  };
}

/** Digests are compared, so that the time taken reveals neither the token nor its length. */
function isBearer(authorization: string | undefined, token: string): boolean {
  const given = bearerOf(authorization);
  return given !== null && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
