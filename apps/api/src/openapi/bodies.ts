import type { RouteConfig } from '@hono/zod-openapi';
import { PROBLEMS, type ProblemCode, problem, problemType } from '@linkhaul/schemas';
import type { z } from 'zod';
import type { DocumentSchema, Schemas } from '../request/json-schemas.js';
import { NOTHING } from '../routing/request-parts.js';
import type { Answer, Route } from '../routing/route.js';
import { listBodies } from './lists.js';
import { problemsOf } from './problems.js';

type Responses = RouteConfig['responses'];
type Content = Readonly<Record<string, { readonly schema: DocumentSchema }>>;

/** The bodies that a route takes, by media type. */
export function bodiesOf({ request, takesList }: Route): Readonly<Record<string, z.ZodType>> {
  if (takesList) return listBodies(takesList);
  const { body } = request.shape;
  return body === NOTHING ? {} : { 'application/json': body };
}

/** A body is optional if its schema accepts `{}`. */
export function bodyOf(route: Route, schemas: Schemas): Pick<RouteConfig, 'request'> {
  const bodies = bodiesOf(route);
  if (Object.keys(bodies).length === 0) return {};
  const required = !Object.values(bodies).some((schema) => schema.safeParse({}).success);
  return { request: { body: { required, content: contentOf(bodies, schemas) } } };
}

/** The only refusal of an open route. It comes from the HTTP server, not from the route. */
const OF_THE_SERVER: Responses = { 431: { description: 'The headers are larger than 16 KiB.' } };

/** Every answer of a route, by status. */
export function responsesOf(route: Route, schemas: Schemas): Responses {
  const answers = Object.entries(route.answers).map(([status, answer]) => [status, answerOf(answer, schemas)]);
  return {
    ...Object.fromEntries(answers),
    ...refusalsOf(problemsOf(route), schemas),
    ...(route.access === 'open' && OF_THE_SERVER),
  };
}

function answerOf({ description, contents, headers = {} }: Answer, schemas: Schemas): Responses[string] {
  const named = Object.entries(headers).map(([name, says]) => [
    name,
    { description: says, schema: { type: 'string' } },
  ]);
  return {
    description,
    ...(named.length > 0 && { headers: Object.fromEntries(named) }),
    ...(Object.keys(contents).length > 0 && { content: contentOf(contents, schemas) }),
  };
}

function contentOf(contents: Answer['contents'], schemas: Schemas): Content {
  return Object.fromEntries(
    Object.entries(contents).map(([type, schema]) => [type, { schema: formOf(type, schemas.of(schema)) }]),
  );
}

/**
 * Only JSON has the schema of its content. NDJSON, CSV and files are described as text or bytes, so that generated clients can
 * tell the answers of a route apart by type.
 */
function formOf(type: string, schema: DocumentSchema): DocumentSchema {
  if (type !== 'application/x-ndjson' || ('type' in schema && schema.type === 'string')) return schema;
  return { type: 'string', description: 'One JSON value on each line.', 'x-line': schema };
}

/** One response for each status, with all its problem codes. */
function refusalsOf(codes: readonly ProblemCode[], schemas: Schemas): Responses {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codes) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, some]) => [
      status,
      {
        description: some.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(' '),
        content: {
          'application/problem+json': {
            schema: { ...schemas.of(problem), properties: { type: { enum: some.map(problemType) } } },
          },
        },
      },
    ]),
  );
}
