import { OpenAPIHono, type RouteConfig } from '@hono/zod-openapi';
import { PROBLEMS, type ProblemCode, problem, problemType, webhookEvent } from '@linkhaul/schemas';
import { routeName, SCOPES } from '../middleware/scopes.js';
import { CATALOGUE } from './catalogue.js';
import { curlOf } from './curl.js';
import type { Answer, Operation } from './operation.js';
import { parametersOf } from './parameter-objects.js';
import { problemsOf } from './problems.js';
import { createSchemas, type OpenApiDocument, type Schemas } from './schemas.js';

type Responses = RouteConfig['responses'];

/** Changes with the API, as the packages do. */
const VERSION = '0.1.0';

const DESCRIPTION = `Turns a list of domains and pages into backlink data: every row answered, paid for once, never throttled.

Unknown fields and parameters are errors. Times are RFC 3339 UTC, money is US dollars, durations are milliseconds. What lists things gives \`next_cursor\`. A tenant with a limit of requests a minute finds \`RateLimit-Policy\` and \`RateLimit\` on every answer.`;

/** The service's own description of itself, from the catalogue and the schemas that it works with. */
export function createDocument(): OpenApiDocument {
  const schemas = createSchemas();
  const app = new OpenAPIHono();
  const { openAPIRegistry: registry } = app;
  for (const { name, operations } of CATALOGUE) {
    for (const operation of operations) registry.registerPath(pathOf(operation, { group: name, schemas }));
  }
  registry.registerWebhook({
    method: 'post',
    path: 'event',
    summary: 'What a webhook receives',
    tags: ['Webhooks'],
    request: { body: { content: { 'application/json': { schema: schemas.of(webhookEvent) } } } },
    responses: { 200: { description: 'Any 2xx: it was taken.' } },
  });
  registry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: 'The roles of an operation are the scope that a key must have: `read`, `submit` or `admin`.',
  });
  for (const [name, schema] of [...schemas.components].sort(([a], [b]) => (a < b ? -1 : 1))) {
    registry.registerComponent('schemas', name, schema);
  }
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Linkhaul',
      version: VERSION,
      description: DESCRIPTION,
      license: { name: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: CATALOGUE.map(({ name, description }) => ({ name, description })),
  });
}

interface Place {
  readonly group: string;
  readonly schemas: Schemas;
}

function pathOf(operation: Operation, { group, schemas }: Place): RouteConfig {
  const { method, path, id, summary, description, access, examples } = operation;
  return {
    method,
    path: path.replace(/:(\w+)/g, '{$1}'),
    operationId: id,
    tags: [group],
    summary,
    ...(description !== undefined && { description }),
    security: securityOf(operation),
    'x-access': access,
    parameters: parametersOf(operation, schemas),
    ...bodyOf(operation, schemas),
    responses: { ...answersOf(operation, schemas), ...refusalsOf(problemsOf(operation), schemas) },
    'x-codeSamples': examples.map((example) => ({
      lang: 'Shell',
      label: example.title,
      source: curlOf(operation, example),
    })),
  };
}

/** With the scope that a tenant's key must have. The admin's key has none: it is the admin's alone, or does all. */
function securityOf({ method, path, access }: Operation): Record<string, string[]>[] {
  if (access === 'open') return [];
  const scope = SCOPES[routeName({ method: method.toUpperCase(), path })];
  return [{ key: access === 'admin' || scope === undefined ? [] : [scope] }];
}

function bodyOf({ bodies }: Operation, schemas: Schemas): Pick<RouteConfig, 'request'> {
  if (bodies === undefined) return {};
  const content = Object.entries(bodies).map(([type, schema]) => [type, { schema: schemas.of(schema) }]);
  return { request: { body: { content: Object.fromEntries(content) } } };
}

function answersOf({ answers }: Operation, schemas: Schemas): Responses {
  return Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, answerOf(answer, schemas)]));
}

function answerOf({ description, contents, headers = {} }: Answer, schemas: Schemas): Responses[string] {
  const content = Object.entries(contents).map(([type, schema]) => [type, { schema: schemas.of(schema) }]);
  const named = Object.entries(headers).map(([name, says]) => [
    name,
    { description: says, schema: { type: 'string' } },
  ]);
  return {
    description,
    ...(named.length > 0 && { headers: Object.fromEntries(named) }),
    ...(content.length > 0 && { content: Object.fromEntries(content) }),
  };
}

/** One response a status, with every code that comes with it. */
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
