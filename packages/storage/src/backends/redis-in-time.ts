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
 * A connection whose commands fail where Redis does not answer in time; `commandTimeout` of the URL comes before what is given.
 * Unlike ioredis' own it does not count the time in which this process was too busy to read what Redis had answered.
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

/** Time is counted in turns of the event loop that come at regular times: a process that stands still counts one at most. */
function createDeadlines(withinMs: number): Deadlines {
  const ticks = Math.ceil(withinMs / TICK_MS) + 1;
  /** When each is over, in ticks; in the order in which they were sent, which is that of their deadlines. */
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
    // After what has come from Redis is read.
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
