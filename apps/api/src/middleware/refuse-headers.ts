import { createMiddleware } from 'hono/factory';
import { notAvailable } from '../problem.js';
import type { AppEnv } from '../services.js';

/** Headers of the contract that this version does not have: who sends one relies on what it promises. */
const HEADERS = ['Last-Event-ID'];

export const refuseHeaders = createMiddleware<AppEnv>(async (c, next) => {
  const name = HEADERS.find((header) => c.req.header(header) !== undefined);
  if (name !== undefined) throw notAvailable(`the header ${name}`);
  await next();
});
