import { type Logger, pino } from 'pino';
import { errorFields } from './error-fields.js';

export type { Logger } from 'pino';

const SECRETS = ['authorization', 'password', 'token', 'secret'];

/** JSON lines on standard output, with RFC 3339 times. No code logs secrets; the redacted paths are a second safeguard. */
export function createLogger(name: string, level: string): Logger {
  const options = {
    name,
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: errorFields },
    redact: SECRETS.flatMap((name) => [name, `*.${name}`]),
  };
  // Written synchronously. With the default destination, lines could be lost or come out of order at an exit.
  return pino(options, pino.destination({ dest: 1, sync: true }));
}
