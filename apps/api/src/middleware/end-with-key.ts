import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { KeyWatch } from '../live/key-watch.js';
import { ApiProblem } from '../problem.js';
import type { AppEnv } from '../services.js';

/**
 * Ends open requests whose key is revoked or rotated: a body that is being sent, in either direction, is cut so that it does not
 * pass for complete, and a request that waits is answered. The operator's keys change only with the process.
 */
export function endWithKey(keys: KeyWatch) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const madeKey = c.get('madeKey');
    if (madeKey !== undefined) watch(c, keys, madeKey);
    await next();
  });
}

function watch(c: Context<AppEnv>, keys: KeyWatch, secret: string): void {
  const { incoming, outgoing } = c.env;
  const gone = new AbortController();
  c.set('keyGone', gone.signal);
  const release = keys.whenGone(secret, () => {
    gone.abort(revoked());
    if (outgoing.headersSent || !incoming.complete) outgoing.destroy();
  });
  // The key was looked up in Redis first: the client may have left meanwhile, and `close` is emitted once.
  if (outgoing.closed) release();
  else outgoing.once('close', release);
}

/** Throws the refusal if the request's key was revoked or rotated since the request began. */
export function requireKey(c: Context<AppEnv>): void {
  c.get('keyGone')?.throwIfAborted();
}

/** Aborts when the client leaves, or when the request's key is revoked or rotated. */
export function endOf(c: Context<AppEnv>): AbortSignal {
  const keyGone = c.get('keyGone');
  return keyGone === undefined ? c.req.raw.signal : AbortSignal.any([c.req.raw.signal, keyGone]);
}

function revoked(): ApiProblem {
  return new ApiProblem('unauthorized', 'This API key was revoked or rotated meanwhile: send a valid one.', {
    headers: { 'www-authenticate': 'Bearer' },
  });
}
