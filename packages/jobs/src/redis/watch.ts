import { RedisTrouble } from './health.js';

const EVERY_MS = 1_000;

interface RedisWatch {
  /** Resolves when Redis can be used for the first time, however long that takes. */
  readonly usable: Promise<void>;
  close(): void;
}

/**
 * Checks every second whether Redis can be used. Calls `tell` with the trouble once, again when it changes, and with
 * null when it is over. The result of the first check is not reported, because the connection may still be opening.
 */
export function watchRedis(check: () => Promise<void>, tell: (trouble: string | null) => void): RedisWatch {
  let reported: string | null = null;
  const say = (trouble: string | null) => {
    if (trouble !== reported) tell(trouble);
    reported = trouble;
  };
  let begin: () => void = () => undefined;
  const usable = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const look = async (failed: (trouble: string) => void) => {
    try {
      await check();
      begin();
      say(null);
    } catch (error) {
      failed(error instanceof RedisTrouble ? error.message : String(error));
    }
  };
  void look(() => undefined);
  const timer = setInterval(() => void look(say), EVERY_MS);
  return { usable, close: () => clearInterval(timer) };
}
