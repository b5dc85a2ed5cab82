import { z } from 'zod';

const text = z.string().optional();

/** The part of JSON Schema that the document uses. */
export interface SchemaView {
  readonly $ref?: string | undefined;
  readonly type?: string | readonly string[] | undefined;
  readonly format?: string | undefined;
  readonly description?: string | undefined;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly anyOf?: readonly SchemaView[] | undefined;
  readonly oneOf?: readonly SchemaView[] | undefined;
  readonly items?: SchemaView | undefined;
  readonly properties?: Readonly<Record<string, SchemaView>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly additionalProperties?: SchemaView | boolean | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly exclusiveMinimum?: number | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly maxItems?: number | undefined;
  /** For text in lines: the schema of one line. */
  readonly 'x-line'?: SchemaView | undefined;
}

const number = z.number().optional();

const schema: z.ZodType<SchemaView> = z.lazy(() =>
  z.object({
    $ref: text,
    type: z.union([z.string(), z.array(z.string())]).optional(),
    format: text,
    description: text,
    default: z.unknown().optional(),
    const: z.unknown().optional(),
    enum: z.array(z.unknown()).optional(),
    anyOf: z.array(schema).optional(),
    oneOf: z.array(schema).optional(),
    items: schema.optional(),
    properties: z.record(z.string(), schema).optional(),
    required: z.array(z.string()).optional(),
    additionalProperties: z.union([z.boolean(), schema]).optional(),
    minimum: number,
    maximum: number,
    exclusiveMinimum: number,
    minLength: number,
    maxLength: number,
    maxItems: number,
    'x-line': schema.optional(),
  }),
);

const content = z.record(z.string(), z.object({ schema })).default({});

const parameter = z.object({
  name: z.string(),
  in: z.string(),
  required: z.boolean(),
  description: text,
  schema: schema.optional(),
  content,
});

const answer = z.object({
  description: z.string(),
  headers: z.record(z.string(), z.object({ description: z.string() })).default({}),
  content,
});

const operation = z.object({
  operationId: z.string(),
  tags: z.tuple([z.string()]),
  summary: z.string(),
  description: z.string(),
  'x-scope': text,
  'x-access': z.enum(['open', 'tenant', 'any', 'admin']),
  parameters: z.array(parameter).default([]),
  requestBody: z.object({ content }).default({ content: {} }),
  responses: z.record(z.string(), answer),
  'x-codeSamples': z.array(z.object({ label: z.string(), source: z.string() })),
});

/** The parts of the document that the page shows. */
export const documentView = z.object({
  info: z.object({ title: z.string(), version: z.string(), description: z.string() }),
  tags: z.array(z.object({ name: z.string(), description: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  webhooks: z.record(
    z.string(),
    z.record(z.string(), z.object({ summary: z.string(), requestBody: z.object({ content }) })),
  ),
  components: z.object({ schemas: z.record(z.string(), schema) }),
});

export type DocumentView = z.infer<typeof documentView>;
export type OperationView = z.infer<typeof operation>;
export type ParameterView = z.infer<typeof parameter>;
export type AnswerView = z.infer<typeof answer>;
export type ContentView = z.infer<typeof content>;
