import type { Services } from '../services.js';
import { everySecond } from '../upkeep/every-second.js';
import type { Deliverer } from './deliver.js';

/**
 * Sends deliveries as soon as Redis reports them as due. Every second it also looks for deliveries that have become due, and for
 * those of a worker that died. Returns a function that stops it.
 */
export function startDelivering(
  deliverer: Deliverer,
  { deliveries, logger }: Pick<Services, 'deliveries' | 'logger'>,
  subscriber: Parameters<Services['deliveries']['onDue']>[0],
): () => Promise<void> {
  const round = () => {
    void deliverer.take();
    deliverer
      .holdOpen()
      .catch((err: unknown) => logger.warn({ err }, 'could not keep the hold on deliveries in progress'));
  };
  const unsubscribe = deliveries.onDue(subscriber, () => void deliverer.take());
  const stop = everySecond(round);
  round();
  return async () => {
    unsubscribe();
    await deliverer.close();
    stop();
  };
}
