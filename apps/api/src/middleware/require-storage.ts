import type { Backend } from '@linkhaul/storage';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../services.js';

/** Refuses while storage is unavailable: an answer that has begun could no longer say so. */
export function requireStorage(storage: Backend) {
  return createMiddleware<AppEnv>(async (_, next) => {
    await storage.verify();
    await next();
  });
}
