import type { Context } from 'hono';
import { z } from 'zod';
import { type ApiProblem, invalidRequest } from '../problem.js';
import { fieldErrors } from '../request/field-errors.js';
import type { Schemas } from '../request/json-schemas.js';
import { pointTo } from '../request/pointers.js';
import { type Query, queryOf } from '../request/query.js';
import { createQueryReader } from '../request/read-query.js';
import { readSmallBody } from '../request/small-body.js';
import type { AppEnv } from '../services.js';
import type { RequestSchema } from './route.js';

interface Definition<I extends RequestSchema> {
  readonly method: string;
  readonly request: I;
  readonly takesList?: true;
  readonly noSuch?: (params: Readonly<Record<string, string>>) => ApiProblem;
}

interface ReadRequest<I extends RequestSchema> {
  readonly input: z.output<I>;
  /** The query's texts as they were sent. */
  readonly given: Query;
}

const NOTHING = z.object({});

/** Reads requests by the schema that the documentation shows: the query and the path are judged before the body is read. */
export function createRequestReader<I extends RequestSchema>(
  { method, request, takesList, noSuch }: Definition<I>,
  schemas: Schemas,
): (c: Context<AppEnv>) => Promise<ReadRequest<I>> {
  const parts = request.shape;
  const reader = createQueryReader(parts.query ?? NOTHING, { schemas, allowsOthers: takesList === true });
  const readsBody = !takesList && (method === 'post' || method === 'put');
  return async (c) => {
    const given = queryOf(c, reader.isList);
    const query = reader.read(given);
    const params = c.req.param();
    judgePath(parts.params ?? NOTHING, params, noSuch);
    const body = readsBody ? await readBodyOf(c, parts.body ?? NOTHING) : {};
    return { input: request.parse({ params, query, body }), given };
  };
}

function judgePath(schema: z.ZodObject, params: Readonly<Record<string, string>>, noSuch: Definition<never>['noSuch']) {
  const [issue] = schema.safeParse(params).error?.issues ?? [];
  if (issue === undefined) return;
  throw noSuch?.(params) ?? invalidRequest(String(issue.path[0]), issue.message);
}

async function readBodyOf(c: Context<AppEnv>, schema: z.ZodObject): Promise<object> {
  const value = await readSmallBody(c, Object.keys(schema.shape));
  const { error } = schema.safeParse(value);
  if (error !== undefined) throw fieldErrors(error.issues, { pointTo: (path) => pointTo('json', path), value });
  return value;
}
