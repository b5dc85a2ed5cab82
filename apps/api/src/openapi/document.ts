import { OpenAPIHono, type RouteConfig } from '@hono/zod-openapi';
import { webhookEvent } from '@linkhaul/schemas';
import { createSchemas, type DocumentParameter, type OpenApiDocument, type Schemas } from '../request/json-schemas.js';
import { parametersOf } from '../request/shown-parameters.js';
import type { Route, RouteGroup } from '../routing/route.js';
import { bodyOf, responsesOf } from './bodies.js';
import { curlOf } from './curl.js';
import { listQuery } from './lists.js';

/** The version of the API, which is that of the packages. */
const VERSION = '0.1.0';

/** OpenAPI 3.1 also allows an SPDX identifier. */
const LICENSE = { name: 'MIT', identifier: 'MIT' };

const DESCRIPTION = `Turns a list of domains and pages into backlink data: every row answered, paid for once, never throttled.

Unknown fields and parameters are errors. Times are RFC 3339 UTC, money is US dollars, durations are milliseconds. A call that lists things answers with \`next_cursor\`, null on the last page. A tenant with a limit of requests a minute gets \`RateLimit-Policy\` and \`RateLimit\` with every answer.`;

/** The OpenAPI document, made from the routes and the schemas that parse their requests. */
export function createDocument(groups: readonly RouteGroup[]): OpenApiDocument {
  const schemas = createSchemas();
  const app = new OpenAPIHono();
  const { openAPIRegistry: registry } = app;
  for (const { name, routes } of groups) {
    for (const route of routes) registry.registerPath(pathOf(route, { group: name, schemas }));
  }
  registry.registerWebhook({
    method: 'post',
    path: 'event',
    operationId: 'receiveEvent',
    summary: 'What a webhook receives',
    description: 'Signed: check `webhook-signature` before you trust it.',
    tags: ['Webhooks'],
    security: [],
    request: { body: { content: { 'application/json': { schema: schemas.of(webhookEvent) } } } },
    responses: { 200: { description: 'Any 2xx: the event was received.' } },
  });
  registry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: '`x-scope` of an operation is the scope that a key must have: `read`, `submit` or `admin`.',
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
      contact: { name: 'Who runs this service' },
      license: LICENSE,
    },
    servers: [{ url: '/' }],
    tags: groups.map(({ name, description }) => ({ name, description })),
  });
}

interface Place {
  readonly group: string;
  readonly schemas: Schemas;
}

function pathOf(route: Route, { group, schemas }: Place): RouteConfig {
  const { method, path, id, summary, description, access, examples } = route;
  return {
    method,
    path: path.replace(/:(\w+)/g, '{$1}'),
    operationId: id,
    tags: [group],
    summary,
    description,
    security: access === 'open' ? [] : [{ key: [] }],
    'x-access': access,
    ...('scope' in route && { 'x-scope': route.scope }),
    parameters: shownParametersOf(route, schemas),
    ...bodyOf(route, schemas),
    responses: responsesOf(route, schemas),
    'x-codeSamples': examples.map((example) => ({
      lang: 'Shell',
      label: example.title,
      source: curlOf(route, example),
    })),
  };
}

/** Every parameter of a route. If the route takes a list, these include the fields of a submission in the query. */
export function shownParametersOf(
  { request, headers, takesList }: Pick<Route, 'request' | 'headers' | 'takesList'>,
  schemas: Schemas,
): DocumentParameter[] {
  const { params, query } = request.shape;
  return [
    ...parametersOf('path', params, schemas),
    ...parametersOf('query', query, schemas),
    ...parametersOf('query', takesList && listQuery(takesList), schemas),
    ...parametersOf('header', headers, schemas),
  ];
}
