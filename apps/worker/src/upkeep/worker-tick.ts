import { type Consumer, FULL_REDIS } from '@linkhaul/jobs';
import type { Services } from '../services.js';
import { createAnnouncer } from '../webhook/announce-events.js';
import { everySecond } from './every-second.js';

/**
 * Every second: reports to Redis how many calls this worker can take, reads how many it should hold, stops sending while Redis is
 * nearly full, dispatches calls whose wait is over, and announces events. Returns a function that stops it.
 */
export async function startTicking(services: Services, calls: Consumer): Promise<() => Promise<void>> {
  const { account, capacities, permits, dispatcher, env, logger, store, storageGate, workerReports, upstream } =
    services;
  const announceAll = createAnnouncer(services);
  const tick = async () => {
    try {
      await permits.markTime();
      const share = await store.memoryShare();
      if (share > FULL_REDIS) logger.error({ share }, 'Redis is nearly full: no calls are sent');
      storageGate.set('redis memory', share > FULL_REDIS ? 'Redis is nearly full' : null);
      const shutBy = storageGate.shutBy();
      if (shutBy !== null) await workerReports.storageAway(shutBy);
      calls.takeAtOnce(await dispatcher.announce(env.concurrency));
      await capacities.announce(upstream.host, account, env.limits);
      await dispatcher.fill();
    } catch (err) {
      logger.warn({ err }, "the worker's tick failed");
    }
    await announceAll().catch((err: unknown) => logger.warn({ err }, 'could not announce events'));
  };
  await tick();
  const stop = everySecond(() => void tick());
  return async () => {
    stop();
    await Promise.all([dispatcher.withdraw(), permits.withdraw()]);
  };
}
