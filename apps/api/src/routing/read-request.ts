import type { Context } from 'hono';
import type { z } from 'zod';
import type { ApiProblem } from '../problem.js';
import { fieldErrors, firstError } from '../request/field-errors.js';
import type { Schemas } from '../request/json-schemas.js';
import { pointTo } from '../request/pointers.js';
import { type Query, queryOf } from '../request/query.js';
import { createQueryReader } from '../request/read-query.js';
import { readSmallBody } from '../request/small-body.js';
import type { AppEnv } from '../services.js';
import type { Input, ListOf, RequestSchema } from './request-parts.js';

interface Definition<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodObject> {
  readonly method: string;
  readonly request: RequestSchema<P, Q, B>;
  readonly takesList?: ListOf;
  readonly noSuch?: NoSuch;
}

type NoSuch = (params: Readonly<Record<string, string>>) => ApiProblem;

interface ReadRequest<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodObject> {
  readonly input: Input<P, Q, B>;
  /** The query's texts as they were sent. */
  readonly given: Query;
}

/** Parses requests by the schema that the documentation shows: the query and the path before the body is read. */
export function createRequestReader<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodObject>(
  { method, request, takesList, noSuch }: Definition<P, Q, B>,
  schemas: Schemas,
): (c: Context<AppEnv>) => Promise<ReadRequest<P, Q, B>> {
  const parts = request.shape;
  const reader = createQueryReader(parts.query, { schemas, allowsOthers: takesList !== undefined });
  const hasBody = !takesList && (method === 'post' || method === 'put');
  return async (c) => {
    const given = queryOf(c, reader.isList);
    const query = reader.read(given);
    const params = parsePath(parts.params, c.req.param(), noSuch);
    const body = parseBody(parts.body, hasBody ? await readSmallBody(c, Object.keys(parts.body.shape)) : {});
    return { input: { params, query, body }, given };
  };
}

function parsePath<P extends z.ZodObject>(
  schema: P,
  params: Readonly<Record<string, string>>,
  noSuch: NoSuch | undefined,
): z.output<P> {
  const { data, error } = schema.safeParse(params);
  if (error === undefined) return data;
  throw noSuch?.(params) ?? firstError(error);
}

function parseBody<B extends z.ZodObject>(schema: B, value: object): z.output<B> {
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data;
  throw fieldErrors(error.issues, { pointTo: (path) => pointTo('json', path), value });
}
