import { FORMAT, type JobRef } from '@linkhaul/storage';
import { dispatchScript } from '../src/call/dispatcher.js';
import { callFromName, type Grant, type Message, type Permits } from '../src/index.js';
import { moneyOf, never, RESERVE, type Space } from './planning/space.js';

/** What the dispatcher's script lets into the window, without a BullMQ behind it. */
export async function dispatch({ run, redis, keys }: Space, most = 1000): Promise<Message<'call'>[]> {
  const [seconds] = await redis.time();
  await redis.zadd(keys.workers, (Number(seconds) + 3600) * 1000, 'someone');
  await redis.hset(keys.workerPlaces, 'someone', 1_000_000);
  const calls = await run(dispatchScript, { most, format: FORMAT });
  return calls.map(({ name, ...at }) => ({ ...callFromName(name), ...at }));
}

export type Money = Parameters<Permits['grant']>[0]['money'];

interface Sending {
  readonly worker?: string;
  readonly rows?: number;
  readonly reserve?: number;
  /** In place of the reserve, what the call may cost in parts. */
  readonly money?: Money;
}

export async function grant(space: Space, message: Message<'call'>, sending: Sending = {}): Promise<Grant> {
  const { worker = 'one', rows = 10, reserve = RESERVE, money = moneyOf(reserve) } = sending;
  return space.permitsOf(worker).grant({ ...message, rows, money }, never);
}

/** Dispatches the next call and grants its sending. */
export async function send(space: Space, sending: Sending = {}): Promise<Message<'call'>> {
  const [message] = await dispatch(space, (await space.redis.zcard(space.keys.window)) + 1);
  if (message === undefined) throw new Error('nothing can be dispatched');
  const reply = await grant(space, message, sending);
  if (!reply.granted) throw new Error(`refused: ${reply.why}`);
  return message;
}

/** Every place where a call of a job can stand, by call number. */
export async function placesOf({ redis, keys }: Space, job: JobRef) {
  const own = (names: string[]) =>
    names
      .map(callFromName)
      .filter((ref) => ref.job.id === job.id)
      .map(({ call }) => call)
      .sort((a, b) => a - b);
  const all = (key: string) => redis.zrange(key, '0', '-1');
  return {
    window: own(await all(keys.window)),
    later: own(await all(keys.later)),
    sending: own(await all(keys.sending)),
    unknown: own(await all(keys.unknown)),
    ready: (await redis.lrange(keys.ready(job), 0, -1)).map(Number),
    live: (await redis.smembers(keys.live(job))).map(Number).sort((a, b) => a - b),
    ringed: (await redis.sismember(keys.ringMembers, `${job.tenant}/${job.id}`)) === 1,
  };
}

export const NOWHERE = { window: [], later: [], sending: [], unknown: [], ready: [], live: [], ringed: false };
