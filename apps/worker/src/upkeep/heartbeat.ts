import type { Services } from '../services.js';

const EVERY_MS = 1_000;

/** Once a second, to the end of the drain: this worker lives, its calls are no orphans. Returns its release. */
export async function startBeating({ orphans, logger }: Pick<Services, 'orphans' | 'logger'>): Promise<() => void> {
  const beat = () => orphans.beat().catch((err: unknown) => logger.warn({ err }, 'heartbeat failed'));
  await beat();
  const timer = setInterval(() => void beat(), EVERY_MS);
  return () => clearInterval(timer);
}
