import { z } from 'zod';
import type { Operation } from './operation.js';
import type { DocumentParameter, DocumentSchema, Schemas } from './schemas.js';

/** What is the parameter's rather than its schema's. */
const notes = z.looseObject({ description: z.string().optional(), style: z.literal('deepObject').optional() });
const schemaAlone = z.custom<DocumentSchema>();

/** Where a parameter stands in a request. */
type Place = 'path' | 'query' | 'header';

export function parametersOf({ params, query, headers }: Operation, schemas: Schemas): DocumentParameter[] {
  return [
    ...placed('path', params, schemas),
    ...placed('query', query, schemas),
    ...placed('header', headers, schemas),
  ];
}

function placed(place: Place, fields: z.ZodObject | undefined, schemas: Schemas): DocumentParameter[] {
  return Object.entries<z.ZodType>(fields?.shape ?? {}).map(([name, field]) => ({
    name,
    in: place,
    required: !field.safeParse(undefined).success,
    ...formOf(schemas.of(field), schemas),
  }));
}

/** Lists stand with commas, objects as JSON unless they say otherwise. */
function formOf(schema: DocumentSchema, { components }: Schemas): Omit<DocumentParameter, 'name' | 'in' | 'required'> {
  const { description, style, ...own } = notes.parse(schema);
  const plain = schemaAlone.parse(own);
  const said = description !== undefined && { description };
  if (style !== undefined) return { ...said, style, explode: true, schema: plain };
  if (isObject(plain, components)) return { ...said, content: { 'application/json': { schema: plain } } };
  return { ...said, ...(own.type === 'array' && { style: 'form', explode: false }), schema: plain };
}

/** Whether every value of the schema is an object, by its own words or by those that it refers to. */
function isObject(schema: DocumentSchema, components: Schemas['components']): boolean {
  if ('$ref' in schema) {
    const named = components.get(schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1));
    return named !== undefined && isObject(named, components);
  }
  return schema.type === 'object' || schema.anyOf?.every((choice) => isObject(choice, components)) === true;
}
