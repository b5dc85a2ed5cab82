import { type Logger, pino } from 'pino';
import { errorFields } from './error-fields.js';

export type { Logger } from 'pino';

const SECRETS = ['authorization', 'password', 'token', 'secret'];

/** JSON lines on standard output, times in RFC 3339. Secrets never go into a line; these paths are a second net. */
export function createLogger(name: string, level: string): Logger {
  const options = {
    name,
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: errorFields },
    redact: SECRETS.flatMap((name) => [name, `*.${name}`]),
  };
  // Lines leave one by one: what an exit finds half-way in the default destination comes out of order, or not at all.
  return pino(options, pino.destination({ dest: 1, sync: true }));
}
