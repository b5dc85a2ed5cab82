import { type AccountLimits, createPermits, type Grant, type Message, type Permits } from '../../src/index.js';
import { moneyOf, never, type Space, WIDE } from '../planning/space.js';
import { openRedis } from '../redis.js';

/** Permits as a process of its own has them: on connections of its own. */
export async function workerOn(space: Space, worker: string, limits: Partial<AccountLimits>): Promise<Permits> {
  return (await mortalWorkerOn(space, worker, limits)).permits;
}

/** The same, with the connections, which may be cut. */
export async function mortalWorkerOn(space: Space, worker: string, limits: Partial<AccountLimits>) {
  const [redis, subscriber] = [await openRedis(), await openRedis()];
  const permits = createPermits({
    ...space,
    redis,
    subscriber,
    account: 'acme',
    worker,
    limits: { ...WIDE, ...limits },
  });
  await permits.firstBoot();
  return { permits, redis, subscriber };
}

type Granted = Extract<Grant, { granted: true }>;

export async function granted(
  permits: Permits,
  message: Message<'call'> | undefined,
  signal = never,
): Promise<Granted> {
  if (message === undefined) throw new Error('no message');
  const grant = await asked(permits, message, signal);
  if (!grant.granted) throw new Error(`refused: ${grant.why}`);
  return grant;
}

/** Asks for a grant as a worker does that finds nothing of the call in storage. */
export async function asked(permits: Permits, message: Message<'call'>, signal = never): Promise<Grant> {
  const request = { ...message, rows: 1, money: moneyOf(1) };
  const grant = await permits.grant(request, signal);
  if (grant.granted || grant.epoch === undefined) return grant;
  return permits.grant({ ...request, checkedUnder: grant.epoch }, signal);
}
