import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** JSON lines on standard output, times in RFC 3339. Secrets never go into a line; these paths are a second net. */
export function createLogger(name: string, level: string): Logger {
  return pino({
    name,
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: ['*.authorization', '*.password', '*.token', '*.secret'],
  });
}
