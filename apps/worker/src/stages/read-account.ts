import { randomUUID } from 'node:crypto';
import type { Services } from '../services.js';

/** For its permit and its answer together. */
const WITHIN_MS = 30_000;

/** Asks the upstream for its prices and the money left, free of charge; where it does not say, the settings hold. */
export async function readAccount({ permits, upstream, prices, logger, draining }: Services): Promise<void> {
  if (!upstream.hasAccount) return;
  const signal = AbortSignal.any([draining, AbortSignal.timeout(WITHIN_MS)]);
  // Without a permit in time it is asked again later: calls matter more.
  const lease = await permits.probe(`account-${randomUUID()}`, signal).catch(() => null);
  if (lease === null) return;
  const reply = await upstream.account(signal);
  if (reply.kind !== 'failed' || reply.ended) await permits.release(lease);
  if (reply.kind !== 'account') {
    logger.warn({ kind: reply.kind }, 'the account could not be read');
    return;
  }
  await prices.publish(upstream.host, reply);
  logger.info({ balance_nanos: reply.balance, prices: Object.keys(reply.prices).length }, 'account');
}
