import { setTimeout as sleep } from 'node:timers/promises';
import { Hono } from 'hono';
import { isAway } from '../away.js';
import type { AppEnv, Services } from '../services.js';

/** Who asks has a time limit of its own: what does not answer within this does not serve. */
const LONGEST_MS = 1_000;
const SILENT = 'does not answer';

/** `/healthz`: this process turns its event loop. `/readyz`: Redis and storage answer, and are set up as they must be. */
export function health({ store, storage }: Services): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      const [redis, stored] = await Promise.all([answerOf(() => store.check()), answerOf(() => storage.check())]);
      const ready = redis === 'ok' && stored === 'ok';
      return c.json({ status: ready ? 'ok' : 'unavailable', checks: { redis, storage: stored } }, ready ? 200 : 503);
    });
}

/** `ok`, or what is wrong; of a system's error its code, since its text may name paths. */
async function answerOf(check: () => Promise<void>): Promise<string> {
  const over = new AbortController();
  const late = sleep(LONGEST_MS, SILENT, { signal: over.signal }).catch(() => 'ok');
  try {
    return await Promise.race([check().then(() => 'ok'), late]);
  } catch (error) {
    if (!(error instanceof Error)) return String(error);
    if ('code' in error) return String(error.code);
    return isAway(error) ? SILENT : error.message;
  } finally {
    over.abort();
  }
}
