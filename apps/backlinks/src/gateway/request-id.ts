import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '../context.js';

const REQUEST_ID = 'X-Request-ID';

/** Every answer has a request id: the client's, or a generated one. */
export const named: MiddlewareHandler<AppEnv> = async (c, next) => {
  const id = c.req.header(REQUEST_ID) || randomUUID();
  c.set('requestId', id);
  await next();
  c.header(REQUEST_ID, id);
};
