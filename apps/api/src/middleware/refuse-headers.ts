import { createMiddleware } from 'hono/factory';
import { notAvailable } from '../problem.js';
import type { AppEnv } from '../services.js';

/** Of the contract, and not in this version: who sends it relies on what it promises. */
const HEADER = 'Idempotency-Key';

export const refuseHeaders = createMiddleware<AppEnv>(async (c, next) => {
  if (c.req.header(HEADER) !== undefined) throw notAvailable(`the header ${HEADER}`);
  await next();
});
