import { Hono } from 'hono';
import type { Services } from './services.js';

/** `/healthz`: this process turns its event loop. `/readyz`: Redis and storage answer. */
export function createHealthApp({ store, storage }: Pick<Services, 'store' | 'storage'>): Hono {
  const app = new Hono();
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    const checks = { redis: await answers(() => store.check()), storage: await answers(() => storage.check()) };
    const ready = Object.values(checks).every((check) => check === 'ok');
    return c.json({ status: ready ? 'ok' : 'unavailable', checks }, ready ? 200 : 503);
  });
  return app;
}

async function answers(check: () => Promise<void>): Promise<string> {
  try {
    await check();
    return 'ok';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
