import { Hono } from 'hono';
import type { AppEnv, Services } from '../services.js';

/** `/healthz`: this process turns its event loop. `/readyz`: Redis and storage answer, and are set up as they must be. */
export function health({ store, storage }: Services): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      const checks = { redis: await answerOf(() => store.check()), storage: await answerOf(() => storage.check()) };
      const ready = Object.values(checks).every((check) => check === 'ok');
      return c.json({ status: ready ? 'ok' : 'unavailable', checks }, ready ? 200 : 503);
    });
}

async function answerOf(check: () => Promise<void>): Promise<string> {
  try {
    await check();
    return 'ok';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
