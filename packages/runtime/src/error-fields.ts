import { stdSerializers } from 'pino';

/**
 * What a log line says of an error: its type, words and stack, and its fields that are a single value. What else hangs on an
 * error may be anything: a Redis command with the whole source of a script, a password, a request with its headers.
 */
export function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { type, message, stack, ...others } = stdSerializers.err(error);
  const singles = Object.entries(others).map(([name, value]) => [name, singleOf(value)]);
  const several = error instanceof AggregateError ? { errors: error.errors.map(errorFields) } : {};
  return { type, message, stack, ...several, ...Object.fromEntries(singles) };
}

/** A value that is one; of a command of Redis its name, without its arguments. */
function singleOf(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && 'name' in value && 'args' in value) return value.name;
  return ['string', 'number', 'boolean'].includes(typeof value) ? value : undefined;
}
