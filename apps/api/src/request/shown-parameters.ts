import { z } from 'zod';
import type { DocumentParameter, DocumentSchema, ResolvedSchema, Schemas } from './json-schemas.js';

/** Properties of a schema that OpenAPI keeps at the parameter instead. */
const notes = z.looseObject({ description: z.string().optional(), style: z.literal('deepObject').optional() });
const schemaAlone = z.custom<DocumentSchema>();

/** The part of a request that holds a parameter. */
type Place = 'path' | 'query' | 'header';

export function parametersOf(place: Place, fields: z.ZodObject | undefined, schemas: Schemas): DocumentParameter[] {
  return Object.entries<z.ZodType>(fields?.shape ?? {}).map(([name, field]) => ({
    name,
    in: place,
    required: !field.safeParse(undefined).success,
    ...formOf(schemas.of(field), schemas),
  }));
}

/** Lists are written with commas. Objects and lists of objects are written as JSON, unless their schema has a `style`. */
function formOf(schema: DocumentSchema, { components }: Schemas): Omit<DocumentParameter, 'name' | 'in' | 'required'> {
  const { description, style, ...own } = notes.parse(schema);
  const plain = schemaAlone.parse(own);
  const said = description !== undefined && { description };
  if (style !== undefined) return { ...said, style, explode: true, schema: plain };
  if (isObject(plain, components) || isListOfObjects(plain, components))
    return { ...said, content: { 'application/json': { schema: plain } } };
  return { ...said, ...(own.type === 'array' && { style: 'form', explode: false }), schema: plain };
}

/** Whether every value of the schema is an object. */
function isObject(schema: DocumentSchema, components: Schemas['components']): boolean {
  const { type, anyOf } = resolveSchema(schema, components);
  return type === 'object' || anyOf?.every((choice) => isObject(choice, components)) === true;
}

function isListOfObjects(schema: DocumentSchema, components: Schemas['components']): boolean {
  const { type, items } = resolveSchema(schema, components);
  return type === 'array' && items !== undefined && isObject(items, components);
}

/** The schema itself, or the one that it refers to. */
export function resolveSchema(schema: DocumentSchema, components: Schemas['components']): ResolvedSchema {
  if (!('$ref' in schema)) return schema;
  const component = components.get(schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1));
  return component === undefined ? {} : resolveSchema(component, components);
}
