import { type Consumer, FULL_REDIS } from '@linkhaul/jobs';
import type { Services } from '../services.js';
import { createAnnouncer } from '../webhook/announce-events.js';

const EVERY_MS = 1_000;

/**
 * Once a second: this worker says that it lives, learns how many calls it should hold, looks whether Redis has room, calls
 * whose waiting is over enter the window, and what happened is announced. Returns its release.
 */
export async function startTicking(services: Services, calls: Consumer): Promise<() => Promise<void>> {
  const { account, capacities, permits, dispatcher, env, logger, store, storageGate, troubles, upstream } = services;
  const announceAll = createAnnouncer(services);
  const tick = async () => {
    try {
      await permits.heard();
      const share = await store.memoryShare();
      if (share > FULL_REDIS) logger.error({ share }, 'Redis is nearly full: no calls are sent');
      storageGate.set('redis memory', share > FULL_REDIS ? 'Redis is nearly full' : null);
      const shutBy = storageGate.shutBy();
      if (shutBy !== null) await troubles.storageAway(shutBy);
      calls.takeAtOnce(await dispatcher.announce(env.concurrency));
      await capacities.announce(upstream.host, account, env.limits);
      await dispatcher.fill();
    } catch (err) {
      logger.warn({ err }, 'tick failed');
    }
    await announceAll().catch((err: unknown) => logger.warn({ err }, 'could not announce'));
  };
  await tick();
  const timer = setInterval(() => void tick(), EVERY_MS);
  return async () => {
    clearInterval(timer);
    await dispatcher.withdraw(env.concurrency);
  };
}
