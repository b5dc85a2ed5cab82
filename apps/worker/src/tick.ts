import type { Services } from './services.js';

const EVERY_MS = 1_000;

/** Once a second: this worker says that it lives, and calls whose waiting is over enter the window. Returns its release. */
export async function startTicking({ dispatcher, env, logger }: Services): Promise<() => Promise<void>> {
  const tick = async () => {
    try {
      await dispatcher.announce(env.concurrency);
      await dispatcher.fill();
    } catch (err) {
      logger.warn({ err }, 'tick failed');
    }
  };
  await tick();
  const timer = setInterval(() => void tick(), EVERY_MS);
  return async () => {
    clearInterval(timer);
    await dispatcher.withdraw(env.concurrency);
  };
}
