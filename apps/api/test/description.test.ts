import { readdir, readFile } from 'node:fs/promises';
import { ENDPOINTS, problem } from '@linkhaul/schemas';
import { validate } from '@readme/openapi-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createApp } from '../src/app.js';
import { createPage } from '../src/docs/page.js';
import { bodiesOf } from '../src/openapi/bodies.js';
import { createDocument, shownParametersOf } from '../src/openapi/document.js';
import { createSchemas } from '../src/request/json-schemas.js';
import { ROUTES } from '../src/routes/index.js';
import type { Route } from '../src/routing/route.js';
import { FORM_FIELDS } from '../src/submit/list-form.js';
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
      .routes.filter(({ method }) => method !== 'ALL')
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
      const { status } = await postJson(`${service.url}${path.replace(':id', id)}`, 'x');
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

describe('GET /docs', () => {
  const page = createPage(createDocument(ROUTES));

  it('loads nothing, and lets only its own style and script in', async () => {
    const { headers, text } = await ask(`${service.url}/docs`);
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    );
    expect(text).not.toMatch(/<(link|img|iframe)\b|\ssrc=|<[^>]*\s(on\w+|style)=|href="https?:/);
  });

  it('shows every operation, example and schema, and has no link that leads nowhere', () => {
    const ids = [...page.text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, anchor] of page.text.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(anchor);
    for (const { id, examples } of routes) {
      expect(ids).toContain(id);
      for (const { title } of examples)
        expect(page.text).toContain(`<figcaption><span>${title.replaceAll("'", '&#39;')}`);
    }
    for (const name of Object.keys(createDocument(ROUTES).components?.schemas ?? {}))
      expect(ids).toContain(`schema-${name}`);
  });

  it('shows what may be one of several', () => {
    const [, event] = /id="schema-WebhookEvent">(.*?)<\/article>/s.exec(page.text) ?? [];
    expect(event).toContain(
      '<a href="#schema-JobEvent">JobEvent</a> or <a href="#schema-AccountEvent">AccountEvent</a>',
    );
    expect(page.text).toContain('scope <code>submit</code>');
  });

  it('escapes what it is given', () => {
    const document = createDocument(ROUTES);
    const info = { ...document.info, title: `<i a="b" c='d'>&` };
    expect(createPage({ ...document, info }).text).toContain('<h1>&lt;i a=&quot;b&quot; c=&#39;d&#39;&gt;&amp; ');
  });
});

describe('who looks around, without a key', () => {
  let keyed: Service;

  beforeAll(async () => {
    keyed = await starter.start({ LINKHAUL_API_KEYS: 'alpha:key-a-of-a-tenant' });
  });

  it.each(['/openapi.json', '/docs'])('reads %s', async (path) => {
    expect((await ask(`${keyed.url}${path}`)).status).toBe(200);
  });

  it.each([
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 302],
    ['application/json, text/html;q=0.5', 200],
    ['*/*', 200],
    ['', 200],
  ])('comes from / to the documentation, asking for "%s"', async (accept, status) => {
    const answer = await fetch(keyed.url, { headers: { accept }, redirect: 'manual' });
    expect([answer.status, answer.headers.get('vary')]).toEqual([status, 'Accept']);
    if (status === 302) expect(answer.headers.get('location')).toBe('/docs');
    else expect(await answer.json()).toEqual({ docs: '/docs', openapi: '/openapi.json' });
  });

  it.each(['/dashboard', '/swagger', '/api-docs', '/redoc', '/v1', '/v1/', '/v2', '/v2/jobs'])(
    'is told at %s where the documentation is',
    async (path) => {
      const { detail } = problemOf(await ask(`${keyed.url}${path}`), 'not_found');
      expect(detail).toBe(
        `There is no GET ${path}. /docs is the documentation, /openapi.json is the same for programs.`,
      );
    },
  );
});

describe('both', () => {
  it.each(['/openapi.json', '/docs'])('%s is sent once, and then known by its tag', async (path) => {
    const first = await ask(`${service.url}${path}`);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    const again = await ask(`${service.url}${path}`, { headers: { 'if-none-match': etag } });
    expect(again).toMatchObject({ status: 304, text: '' });
    expect(again.headers.get('etag')).toBe(etag);
    expect((await ask(`${service.url}${path}`, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
    expect(await ask(`${service.url}${path}`, { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
  });
});
