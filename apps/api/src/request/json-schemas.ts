import type { OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';

export type OpenApiDocument = ReturnType<OpenAPIHono['getOpenAPI31Document']>;
type Components = NonNullable<OpenApiDocument['components']>;

/** A schema of the document, or a reference to one. */
export type DocumentSchema = NonNullable<Components['schemas']>[string];
export type ResolvedSchema = Exclude<DocumentSchema, { $ref: string }>;
export type DocumentParameter = Exclude<NonNullable<Components['parameters']>[string], { $ref: string }>;

const converted = z.looseObject({
  $schema: z.string(),
  $defs: z.record(z.string(), z.custom<DocumentSchema>()).default({}),
});

export interface Schemas {
  /** The named schemas, by name. */
  readonly components: ReadonlyMap<string, DocumentSchema>;
  of(schema: z.ZodType): DocumentSchema;
}

/**
 * Makes JSON Schemas of zod schemas; OpenAPI 3.1 takes them unchanged. zod itself writes them, since zod-to-openapi makes a named
 * schema nullable everywhere if it is nullable at its first use. A schema with an id (`.meta({ id })`) becomes a component, and a
 * reference wherever it is used.
 */
export function createSchemas(): Schemas {
  const components = new Map<string, DocumentSchema>();
  const done = new Map<z.ZodType, DocumentSchema>();
  return {
    components,
    of(schema) {
      const made = done.get(schema) ?? convert(schema, components);
      done.set(schema, made);
      return made;
    },
  };
}

function convert(schema: z.ZodType, components: Map<string, DocumentSchema>): DocumentSchema {
  const text = JSON.stringify(z.toJSONSchema(schema, { io: 'input', override: ({ jsonSchema }) => tidy(jsonSchema) }));
  const {
    $schema: _,
    $defs,
    ...own
  } = converted.parse(JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/')));
  for (const [name, component] of Object.entries($defs)) add(components, name, component);
  return own;
}

/** Throws if two different schemas have one name: references could not tell them apart. */
function add(components: Map<string, DocumentSchema>, name: string, component: DocumentSchema): void {
  const existing = components.get(name);
  if (existing !== undefined && JSON.stringify(existing) !== JSON.stringify(component)) {
    throw new Error(`two schemas are called ${name}`);
  }
  components.set(name, component);
}

/** Removes what a reader does not need: the bounds of safe integers, and the pattern of a known format. */
function tidy(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.format !== undefined) delete schema.pattern;
  if (typeof schema.propertyNames === 'object' && Object.keys(schema.propertyNames).length <= 1)
    delete schema.propertyNames;
}
