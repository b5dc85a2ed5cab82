import { z } from 'zod';
import type { Endpoint } from '../endpoints/endpoint.js';
import { ENDPOINTS } from '../endpoints/index.js';
import { upstreamTimeText } from '../endpoints/metrics.js';
import { unwrapped } from '../unwrapped.js';

/** The vendor's names of types. */
type FilterType = 'num' | 'str' | 'time' | 'bool' | 'array.str' | 'array.num';
type AnySchema = z.core.$ZodType;

/** What the schema of a filter offers. The names of the first two targets of a set stand for those of all. */
const offered = z.object({ 'x-fields': z.array(z.string()), 'x-maps': z.array(z.string()) });

/**
 * The fields that filters may name, by endpoint, with their types, as `available_filters` gives them. A name that ends in `.*`
 * stands for every key of a map, and `$key` for the number of a target in its set.
 */
export function availableFilters(): Record<string, Record<string, FilterType>> {
  const listed = Object.values(ENDPOINTS).flatMap((endpoint: Endpoint) => {
    const { filters } = endpoint.params.shape;
    const known = offered.safeParse(filters instanceof z.ZodType ? metaOf(filters) : {});
    return known.success ? [[endpoint.name, typesOf(endpoint, known.data)] as const] : [];
  });
  return Object.fromEntries(listed);
}

/** A description wraps the schema that offers the fields in another one. */
function metaOf(schema: z.ZodType): Readonly<Record<string, unknown>> {
  const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  return { ...(inner instanceof z.ZodType ? inner.meta() : {}), ...schema.meta() };
}

function typesOf(endpoint: Endpoint, { 'x-fields': fields, 'x-maps': maps }: z.output<typeof offered>) {
  const typeOfName =
    endpoint.kind === 'set' ? typeInSet(endpoint) : (name: string) => typeAt(endpoint.item, parts(name));
  const plain = fields.filter((name) => !maps.includes(name) && !name.startsWith('2.'));
  const all = [...plain, ...maps.filter((name) => !name.startsWith('2.')).map((name) => `${name}.*`)];
  return Object.fromEntries(all.map((name) => [name.replace(/^1\./, '$key.'), typeOfName(name)] as const));
}

/** An item of a set has its entries for the targets in a field of the endpoint's name, and what concerns all in `summary`. */
function typeInSet({ item, name: set }: Endpoint): (name: string) => FilterType {
  const shape: Readonly<Record<string, AnySchema>> = item instanceof z.ZodObject ? item.shape : {};
  const { [set]: byNumber = item, summary = item } = shape;
  const numbered = unwrapped(byNumber);
  const each = numbered instanceof z.ZodRecord ? unwrapped(numbered.valueType) : numbered;
  const ofEach = each instanceof z.ZodArray ? each.element : each;
  return (name) => (name.startsWith('1.') ? typeAt(ofEach, parts(name).slice(1)) : typeAt(summary, parts(name)));
}

function parts(name: string): string[] {
  return name.split('.');
}

function typeAt(schema: AnySchema, path: readonly string[]): FilterType {
  const here = unwrapped(schema);
  const [name, ...rest] = path;
  if (here instanceof z.ZodArray) return typeAt(here.element, path) === 'num' ? 'array.num' : 'array.str';
  if (name === undefined) return typeOf(here);
  if (here instanceof z.ZodRecord) return typeAt(here.valueType, rest);
  const field: AnySchema | undefined = here instanceof z.ZodObject ? here.shape[name] : undefined;
  return field === undefined ? 'str' : typeAt(field, rest);
}

function typeOf(schema: AnySchema): FilterType {
  if (schema instanceof z.ZodNumber) return 'num';
  if (schema instanceof z.ZodBoolean) return 'bool';
  return schema === upstreamTimeText ? 'time' : 'str';
}
