import { type Command, Redis, type RedisOptions } from 'ioredis';
import { commandTimeoutOf, type RedisSettings } from './redis-address.js';
import { followPrimary } from './redis-connector.js';
import { primaryOf } from './redis-primary.js';

const TICK_MS = 100;

type Options = Omit<RedisOptions, 'replyMapping'>;

/** What ioredis takes to connect to Redis as an environment names it. */
export function optionsFor({ address, prefix }: RedisSettings, options: Options): [string, Options] {
  if (address.kind === 'server') return [address.url, options];
  return ['redis://', { ...followPrimary(primaryOf(address, prefix), address), ...address.login, ...options }];
}

/**
 * A connection whose commands fail if Redis does not answer in time. The URL's `commandTimeout` overrides `answerWithinMs`.
 * Unlike the timeout of ioredis, it does not count time in which this process was too busy to read Redis' answer.
 */
export class TimelyRedis extends Redis {
  readonly #deadlines: Deadlines;

  constructor(settings: RedisSettings, answerWithinMs: number, options: Options) {
    super(...optionsFor(settings, options));
    this.#deadlines = createDeadlines(commandTimeoutOf(settings.address) ?? answerWithinMs);
  }

  override sendCommand(command: Command, ...stream: RestOfSend): unknown {
    const sent = super.sendCommand(command, ...stream);
    this.#deadlines.watch(command);
    return sent;
  }
}

type RestOfSend = Parameters<Redis['sendCommand']> extends [Command, ...infer Rest] ? Rest : never;

interface Deadlines {
  watch(command: Command): void;
}

/** Counts ticks of a regular timer in the event loop, so that a process that stood still counts one tick at most. */
function createDeadlines(withinMs: number): Deadlines {
  const ticks = Math.ceil(withinMs / TICK_MS) + 1;
  /** When each command times out, in ticks. Commands are in the order of sending, which is that of their deadlines. */
  const open = new Map<Command, number>();
  let now = 0;
  let timer: NodeJS.Timeout | null = null;
  const forget = (command: Command) => {
    open.delete(command);
    if (open.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
  const judge = () => {
    for (const [command, over] of open) {
      if (over > now) return;
      command.reject(new Error('Command timed out'));
      forget(command);
    }
  };
  const tick = () => {
    now++;
    // Later in this turn, so that answers which have arrived are read first.
    setImmediate(judge);
  };
  return {
    watch(command) {
      if (command.isSettled || open.has(command)) return;
      timer ??= setInterval(tick, TICK_MS);
      open.set(command, now + ticks);
      command.promise.then(
        () => forget(command),
        () => forget(command),
      );
    },
  };
}
