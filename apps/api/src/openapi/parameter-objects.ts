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
    ...formOf(schemas.of(field)),
  }));
}

/** Lists stand with commas, objects as JSON unless they say otherwise. */
function formOf(schema: DocumentSchema): Omit<DocumentParameter, 'name' | 'in' | 'required'> {
  const { description, style, ...own } = notes.parse(schema);
  const plain = schemaAlone.parse(own);
  const said = description !== undefined && { description };
  if (style !== undefined) return { ...said, style, explode: true, schema: plain };
  if (own.type === 'object') return { ...said, content: { 'application/json': { schema: plain } } };
  return { ...said, ...(own.type === 'array' && { style: 'form', explode: false }), schema: plain };
}
