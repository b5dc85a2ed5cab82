import { randomUUID } from 'node:crypto';
import { type AccountReply, withDeadline } from '@linkhaul/client';
import type { Services } from '../services.js';

/** The limit for the permit and the answer together. */
const WITHIN_MS = 30_000;

/** Asks the upstream for its prices and the account's balance, free of charge. Without them the prices of the settings apply. */
export async function readPrices(services: Services): Promise<void> {
  const { upstream, prices, logger, draining } = services;
  if (!upstream.hasAccount) return;
  const reply = await withDeadline(WITHIN_MS, draining, (signal) => ask(services, signal));
  if (reply === null) return;
  if (reply.kind !== 'account') {
    logger.warn({ kind: reply.kind }, 'could not read prices and balance of the account');
    return;
  }
  await prices.publish(upstream.host, reply);
  logger.info({ balance_nanos: reply.balance, prices: Object.keys(reply.prices).length }, 'account read');
}

/** Null if no permit came in time: calls go first, and this is tried again later. */
async function ask({ permits, upstream }: Services, signal: AbortSignal): Promise<AccountReply | null> {
  const lease = await permits.probe(`account-${randomUUID()}`, signal).catch(() => null);
  if (lease === null) return null;
  const reply = await upstream.account(signal);
  if (reply.kind !== 'failed' || reply.ended) await permits.release(lease);
  return reply;
}
