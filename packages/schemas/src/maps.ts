import { z } from 'zod';
import { isObject, type JsonObject } from './answers/values.js';
import { type EndpointName, endpointOf } from './endpoints/index.js';
import { unwrapped } from './unwrapped.js';

/**
 * Turns the maps of an endpoint's items into lists of `{ key, value }`, because a loader that makes a column of every name has
 * no name for an empty key. An unknown field counts as a map if it has an empty key.
 */
export function mapsToPairs(endpoint: EndpointName): (item: JsonObject) => unknown {
  const { item: schema } = endpointOf(endpoint);
  return (item) => withPairs(item, schema);
}

function withPairs(value: unknown, schema: z.core.$ZodType | undefined): unknown {
  if (!isObject(value)) return value;
  const known = schema && unwrapped(schema);
  if (known instanceof z.ZodRecord || Object.hasOwn(value, '')) {
    return Object.entries(value).map(([key, inner]) => ({ key, value: inner }));
  }
  const shape: Readonly<Record<string, z.core.$ZodType>> = known instanceof z.ZodObject ? known.shape : {};
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withPairs(inner, ownOf(shape, name))]));
}
function ownOf<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
