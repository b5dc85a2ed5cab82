import type { Backend } from '@linkhaul/storage';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../services.js';

/** Refuses a request while storage is unavailable. Once an answer has begun, it can no longer report that. */
export function requireStorage(storage: Backend) {
  return createMiddleware<AppEnv>(async (_, next) => {
    await storage.verify();
    await next();
  });
}
