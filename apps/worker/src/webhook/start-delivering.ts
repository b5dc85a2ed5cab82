import type { Services } from '../services.js';
import type { Postman } from './deliver.js';

const EVERY_MS = 1_000;

/**
 * Sends what is due as soon as it is heard of, and looks once a second for what became due by its time or was left by a
 * worker that died. Returns its release.
 */
export function startDelivering(
  postman: Postman,
  { deliveries, logger }: Pick<Services, 'deliveries' | 'logger'>,
  subscriber: Parameters<Services['deliveries']['onDue']>[0],
): () => Promise<void> {
  const round = () => {
    void postman.take();
    postman.holdOpen().catch((err: unknown) => logger.warn({ err }, 'could not hold open deliveries'));
  };
  const unhear = deliveries.onDue(subscriber, () => void postman.take());
  const timer = setInterval(round, EVERY_MS);
  round();
  return async () => {
    unhear();
    await postman.close();
    clearInterval(timer);
  };
}
