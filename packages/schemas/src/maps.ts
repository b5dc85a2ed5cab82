import { z } from 'zod';
import { isObject, type JsonObject } from './answers/values.js';
import { type EndpointName, endpointOf } from './endpoints/index.js';
import { unwrapped } from './unwrapped.js';

/**
 * Turns the maps of an endpoint's items into lists of `{ key, value }`: a loader that makes a column of every name has no
 * name for an empty key. A field that no schema knows is taken for a map where it has such a key.
 */
export function mapsToPairs(endpoint: EndpointName): (item: JsonObject) => unknown {
  const { item: schema } = endpointOf(endpoint);
  return (item) => withPairs(item, schema);
}

function withPairs(value: unknown, schema: z.core.$ZodType | undefined): unknown {
  if (!isObject(value)) return value;
  const known = schema && unwrapped(schema);
  if (known instanceof z.ZodRecord || Object.hasOwn(value, '')) {
    return Object.entries(value).map(([key, of]) => ({ key, value: of }));
  }
  const shape: Readonly<Record<string, z.core.$ZodType>> = known instanceof z.ZodObject ? known.shape : {};
  return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, withPairs(of, ownOf(shape, name))]));
}

function ownOf<T>(of: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(of, name) ? of[name] : undefined;
}
