import type { Services } from '../services.js';
import { everySecond } from './every-second.js';

/**
 * Reports every second, until the drain ends, that this worker is alive, so that its calls do not become orphans. Returns a function
 * that stops it.
 */
export async function startHeartbeat({ orphans, logger }: Pick<Services, 'orphans' | 'logger'>): Promise<() => void> {
  const beat = () => orphans.beat().catch((err: unknown) => logger.warn({ err }, 'heartbeat failed'));
  await beat();
  return everySecond(() => void beat());
}
