import { readdir, readFile } from 'node:fs/promises';
import { ENDPOINTS, problem } from '@linkhaul/schemas';
import { validate } from '@readme/openapi-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createApp } from '../src/app.js';
import { isOfFace } from '../src/face/mount.js';
import { bodiesOf } from '../src/openapi/bodies.js';
import { createDocument, shownParametersOf } from '../src/openapi/document.js';
import { createSchemas } from '../src/request/json-schemas.js';
import { ROUTES } from '../src/routes/index.js';
import type { Route } from '../src/routing/route.js';
import { FORM_FIELDS } from '../src/submit/list/choose-form.js';
import { finishedListJob } from './finished-job.js';
import { ask, postJson, problemOf } from './http.js';
import { createStarter, type Service } from './service.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);

const routes = ROUTES.flatMap((group) => group.routes);
const schemas = createSchemas();
const nameOf = ({ method, path }: { method: string; path: string }) => `${method.toUpperCase()} ${path}`;

describe('the routes', () => {
  it('are those that the service has, each once', () => {
    const served = createApp(service.services)
      // The vendor describes its own paths.
      .routes.filter(({ method, path }) => method !== 'ALL' && !isOfFace(path))
      .map(nameOf);
    expect(routes.map(nameOf).sort()).toEqual([...new Set(served)].sort());
    expect(new Set(routes.map(({ id }) => id)).size).toBe(routes.length);
  });

  it('have an example each, and one of each of their bodies', () => {
    for (const route of routes) {
      expect(route.examples.length, route.id).toBeGreaterThan(0);
      const types = route.examples.flatMap(({ body }) => body?.type ?? []);
      expect(new Set(types), route.id).toEqual(new Set(Object.keys(bodiesOf(route))));
    }
  });
});

/** Every word of the routes' sources that may be a parameter's name, and every name that is documented. */
async function wordsOfRoutes(): Promise<string[]> {
  const folder = new URL('../src/routes/', import.meta.url);
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.ts'));
  const sources = await Promise.all(files.map((file) => readFile(new URL(file, folder), 'utf8')));
  const words = sources.flatMap((source) => [...source.matchAll(/'([a-z][a-z_]*)'/g)].map(([, word = '']) => word));
  return [...new Set([...words, ...FORM_FIELDS, ...routes.flatMap(parameterNames)])].sort();
}

const names = await wordsOfRoutes();

function parameterNames(route: Route): string[] {
  return shownParametersOf(route, schemas)
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, style }) => (style === 'deepObject' ? `${name}[key]` : name));
}

/** Whether a route knows a parameter, whatever it says to its value. */
async function takes({ method, path, takesList }: Route, name: string): Promise<boolean> {
  const url = `${service.url}${path.replace(/:\w+/g, 'job_1')}?${encodeURIComponent(name)}=x`;
  // A CSV's parameters are those of every list, and its own.
  const type = takesList ? 'text/csv' : 'application/json';
  const body = method === 'get' || method === 'delete' ? {} : { body: '', headers: { 'content-type': type } };
  const { text } = await ask(url, { method: method.toUpperCase(), ...body });
  const { success, data } = problem.safeParse(JSON.parse(text));
  return !(success && /this (parameter|field) does not exist|is not available in this version/.test(data.detail));
}

describe('the parameters', () => {
  it.each(routes.filter(({ access }) => access !== 'open').map((route) => [route.id, route] as const))(
    'of %s are those that it takes',
    async (_, route) => {
      const taken = await Promise.all(names.map((name) => takes(route, name)));
      expect(names.filter((_, at) => taken[at])).toEqual(parameterNames(route).sort());
    },
  );
});

/** Two values of each list that a query may have, by route. */
const TWO_VALUES: Readonly<Record<string, [string, string]>> = {
  'listJobs status': ['completed', 'failed'],
  'getResults status': ['ok', 'failed'],
  'getRows status': ['ok', 'failed'],
  'getCalls status': ['stored', 'failed'],
  'getTagResults status': ['ok', 'failed'],
  'getTagDiff fields': ['page_summary.rank', 'page_summary.backlinks'],
  'getUsage group_by': ['tag', 'endpoint'],
  'listDeliveries status': ['pending', 'failed'],
};

describe('a list in the query', () => {
  const lists = routes.flatMap((route) =>
    shownParametersOf(route, schemas)
      .filter(({ schema }) => schema !== undefined && 'items' in schema)
      .map(({ name, style, explode }) => ({ route, name, style, explode })),
  );

  it('says how it is written', () => {
    expect(lists.map(({ route, name }) => `${route.id} ${name}`).sort()).toEqual(Object.keys(TWO_VALUES).sort());
    for (const { style, explode } of lists) expect({ style, explode }).toEqual({ style: 'form', explode: false });
  });

  it('may be written with commas or by repetition, as no other parameter may', async () => {
    const [job = ''] = await Promise.all([finishedListJob(service, 'lists'), finishedListJob(service, 'lists')]);
    for (const { route, name } of lists) {
      const [one, two] = TWO_VALUES[`${route.id} ${name}`] ?? ['', ''];
      const path = route.path.replace(':tag', 'lists').replace(':id', job.slice(job.lastIndexOf('/') + 1));
      const [commas, repeated] = await Promise.all(
        [`${name}=${one},${two}`, `${name}=${one}&${name}=${two}`].map((query) =>
          ask(`${service.url}${path}?${query}`),
        ),
      );
      expect(commas?.status, commas?.text).toBe(200);
      expect(repeated).toMatchObject({ status: 200, text: commas?.text });
    }
    const { detail } = problemOf(await ask(`${service.url}/v1/usage?limit=1&limit=1`), 'invalid_request');
    expect(detail).toBe('limit: is given twice');
  });
});

describe('GET /openapi.json', () => {
  it('is valid OpenAPI 3.1', async () => {
    const { headers, text } = await ask(`${service.url}/openapi.json`);
    expect(headers.get('content-type')).toBe('application/json');
    const document = JSON.parse(text);
    expect(document.openapi).toBe('3.1.0');
    expect(await validate(document)).toMatchObject({ valid: true, warnings: [] });
  });

  it('names every schema once, and none that nothing refers to', () => {
    const { components, ...rest } = createDocument(ROUTES);
    const schemas = Object.entries(components?.schemas ?? {});
    const text = JSON.stringify([rest, schemas]);
    for (const [name] of schemas) expect(text, name).toContain(`"#/components/schemas/${name}"`);
    const bodies = schemas.filter(([, schema]) => 'properties' in schema).map(([, schema]) => JSON.stringify(schema));
    expect(new Set(bodies).size).toBe(bodies.length);
  });

  it('leaves out of a request what has a default: generated clients demand that of named schemas', () => {
    const { components } = createDocument(ROUTES);
    const withDefaults = Object.entries(components?.schemas ?? {}).filter(([, schema]) =>
      JSON.stringify(schema).includes('"default":'),
    );
    expect(withDefaults.map(([name]) => name)).toEqual([]);
  });

  it('says of objects in the query that they are JSON', () => {
    const { parameters } = createDocument(ROUTES).paths?.['/v1/jobs']?.post ?? {};
    const asJson = parameters?.flatMap((parameter) => ('content' in parameter ? [parameter.name] : []));
    expect(asJson).toEqual(['params', 'metadata', 'webhook']);
  });

  it('tells two schemas of one name apart', () => {
    const schemas = createSchemas();
    schemas.of(z.object({ a: z.string() }).meta({ id: 'Twin' }));
    expect(() => schemas.of(z.object({ a: z.int() }).meta({ id: 'Twin' }))).toThrow('Twin');
  });

  it('has the endpoints and the version of the packages', async () => {
    const { info, components } = createDocument(ROUTES);
    expect(components?.schemas?.Endpoint).toMatchObject({ enum: Object.keys(ENDPOINTS) });
    const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
    expect(info.version).toBe(manifest.version);
  });
});

describe('the answers', () => {
  const { paths } = createDocument(ROUTES);
  const documented = (method: Route['method'], path: string) => paths?.[path.replace(/:(\w+)/g, '{$1}')]?.[method];
  const namesOf = (path: string) => JSON.stringify(documented('get', path)?.parameters);

  it('of results in parts are told, of a job and of a tag', async () => {
    const job = await finishedListJob(service, 'parts');
    for (const [url, path] of [
      [job, '/v1/jobs/:id/results'],
      [`${service.url}/v1/tags/parts`, '/v1/tags/:tag/results'],
    ] as const) {
      const get = (headers: Record<string, string>) => ask(`${url}/results?format=ndjson`, { headers });
      const etag = (await get({})).headers.get('etag') ?? '';
      const answers = [
        await get({ range: 'bytes=1-' }),
        await get({ range: 'bytes=1-', 'if-range': '"other"' }),
        await get({ 'if-none-match': etag }),
        await get({ range: 'bytes=999999-' }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([206, 200, 304, 416]);
      for (const { status } of answers) expect(documented('get', path)?.responses, path).toHaveProperty(String(status));
      for (const name of ['Range', 'If-Range', 'If-None-Match']) expect(namesOf(path)).toContain(`"${name}"`);
    }
    for (const path of ['/openapi.json', '/docs']) expect(namesOf(path)).toContain('"If-None-Match"');
  });

  it('to a body that is none are told, also where no body is needed', async () => {
    const list = { endpoint: 'bulk_backlinks', targets: ['a.com'] };
    const { id } = JSON.parse((await postJson(`${service.url}/v1/jobs`, list)).text);
    for (const { method, path } of routes.filter((route) => route.method === 'post')) {
      const { status } = await postJson(`${service.url}${path.replace(':id', id).replace(':name', 'weekly')}`, 'x');
      expect(status, path).toBe(400);
      expect(documented(method, path)?.responses, path).toHaveProperty('400');
    }
  });
});

describe('the scopes', () => {
  it('of every route that takes a key of a tenant are told', () => {
    const { paths } = createDocument(ROUTES);
    for (const route of routes) {
      const operation = paths?.[route.path.replace(/:(\w+)/g, '{$1}')]?.[route.method];
      expect(operation?.['x-scope'], route.path).toBe('scope' in route ? route.scope : undefined);
      expect(operation?.security, route.path).toEqual(route.access === 'open' ? [] : [{ key: [] }]);
    }
  });
});
