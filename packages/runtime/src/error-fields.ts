import { stdSerializers } from 'pino';

/**
 * What a log line has of an error: type, message, stack, and the fields that are a single value. Other fields may hold a
 * password, a request's headers, or a Redis command with a whole script.
 */
export function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { type, message, stack, ...others } = stdSerializers.err(error);
  const singles = Object.entries(others).map(([name, value]) => [name, singleOf(value)]);
  const several = error instanceof AggregateError ? { errors: error.errors.map(errorFields) } : {};
  return { type, message, stack, ...several, ...Object.fromEntries(singles) };
}

/** A single value as it is; a Redis command as its name, without arguments; undefined for anything else. */
function singleOf(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && 'name' in value && 'args' in value) return value.name;
  return ['string', 'number', 'boolean'].includes(typeof value) ? value : undefined;
}
