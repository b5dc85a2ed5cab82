import type { Backend } from '@linkhaul/storage';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../services.js';

/** Refuses while storage is away: a stream that has begun, if only with its header, could not say so any more. */
export function requireStorage(storage: Backend) {
  return createMiddleware<AppEnv>(async (_, next) => {
    await storage.verify();
    await next();
  });
}
