import type { Backend } from '@linkhaul/storage';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../services.js';

/** What is answered from storage, or will be sent from it. */
export const FROM_STORAGE = [
  '/v1/jobs/:id/results',
  '/v1/jobs/:id/rows',
  '/v1/jobs/:id/calls',
  '/v1/jobs/:id/manifest',
  '/v1/jobs/:id/retry',
  '/v1/tags/:tag/results',
  '/v1/tags/:tag/diff',
];

/** Refuses while storage is away: a stream that has begun, if only with its header, could not say so any more. */
export function requireStorage(storage: Backend) {
  return createMiddleware<AppEnv>(async (_, next) => {
    await storage.verify();
    await next();
  });
}
