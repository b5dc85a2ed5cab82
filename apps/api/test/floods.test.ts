import { gzipSync } from 'node:zlib';
import { ENDPOINTS } from '@linkhaul/schemas';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isThorough } from '../../../e2e/env.js';
import { bodiesOf } from '../src/openapi/bodies.js';
import { ROUTES } from '../src/routes/index.js';
import type { Route } from '../src/routing/route.js';
import { type Answer, ask, jobOf, postJson, problemOf } from './http.js';
import { createStarter, type Service } from './service.js';

const starter = createStarter();
let service: Service;
let job: string;

beforeAll(async () => {
  service = await starter.start();
  job = jobOf(await postJson(`${service.url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets: ['a.com'] })).id;
});
afterAll(starter.closeAll);
afterEach(() => expect(service.errors).not.toHaveBeenCalled());

const MOST_ANSWER_BYTES = 64 * 1024;
const MOST_ERRORS = 20;

const many = (times: number, piece: (at: number) => string) => Array.from({ length: times }, (_, at) => piece(at));

/** Floods by their number of bytes, more or less. */
const FLOODS: Readonly<Record<string, (bytes: number) => string>> = {
  'a list of names': (bytes) => `[${many(bytes / 4, () => '"x"')}]`,
  'a list of numbers': (bytes) => `[${many(bytes / 2, () => '1')}]`,
  'a list of conditions': (bytes) => `[${many(bytes / 16, () => '["x","=",1],"or"')}]`,
  'many members': (bytes) => `{${many(bytes / 10, (at) => `"m${at}":1`)}}`,
  'long names': (bytes) => `{${many(30, (at) => `"${at}${'\\u0001'.repeat(bytes / 200)}":1`)}}`,
  'a long string': (bytes) => `"${'x'.repeat(bytes)}"`,
  'a long number': (bytes) => '9'.repeat(bytes),
  'open lists': (bytes) => '['.repeat(bytes),
  'open objects': (bytes) => '{"a":'.repeat(bytes / 5),
};

/** In bytes. What fits is judged whole; the rest is refused while it comes, whichever field it is. */
const FITTING = 60_000;
const TOO_LARGE = 600_000;

type Path = readonly string[];

/** Every field of an object, and of the objects within. */
function pathsOf(schema: z.core.$ZodType, place: Path = []): Path[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return pathsOf(schema.unwrap(), place);
  }
  if (!(schema instanceof z.ZodObject)) return [place];
  return [place, ...Object.entries(schema.shape).flatMap(([name, field]) => pathsOf(field, [...place, name]))];
}

/** A body with a flood at this place; a list's has what it needs besides. */
function bodyOf(path: Path, flood: string, isList: boolean): string {
  if (path.length === 0) return flood;
  const [first = '', ...within] = path;
  const value = within.reduceRight((inner, name) => `{"${name}":${inner}}`, flood);
  const others = isList ? { endpoint: '"referring_domains"', targets: '["a.com"]' } : {};
  return `{${Object.entries({ ...others, [first]: value }).map(([name, text]) => `"${name}":${text}`)}}`;
}

function placesIn(route: Route): Path[] {
  const own = pathsOf(bodiesOf(route)['application/json'] ?? z.object({}));
  return route.takesList ? [...own, ...pathsOf(ENDPOINTS.referring_domains.params, ['params'])] : own;
}

const routes = ROUTES.flatMap((group) => group.routes).filter(({ method }) => ['post', 'put'].includes(method));

function send({ method, path }: Route, body: string): Promise<Answer> {
  // On a connection of its own: a kept one ends while the floods of a test are made.
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip', connection: 'close' };
  const url = service.url + path.replace(':id', job).replace(':tenant', 'acme').replace(':name', 'weekly');
  return ask(url, { method: method.toUpperCase(), headers, body: new Uint8Array(gzipSync(body)) });
}

function expectShort({ status, text }: Answer): void {
  expect(status).toBeLessThan(500);
  expect(Buffer.byteLength(text)).toBeLessThan(MOST_ANSWER_BYTES);
  const { errors = [] } = z.object({ errors: z.array(z.unknown()).optional() }).parse(JSON.parse(text));
  expect(errors.length).toBeLessThanOrEqual(MOST_ERRORS);
}

describe('a flood in any field of any body is answered in short', () => {
  const cases = routes.flatMap((route) =>
    placesIn(route).map((path, at) => ({ name: `${route.id} /${path.join('/')}`, route, path, at })),
  );

  it.each(cases)('$name', async ({ route, path, at }) => {
    const sizes = path.length === 0 ? [FITTING, TOO_LARGE] : [FITTING];
    const floods = Object.values(FLOODS);
    // A whole body is any flood; a field is one in three with each run of the tests, and all with `test:all`.
    const sent = path.length === 0 || isThorough ? floods : floods.filter((_, number) => number % 3 === at % 3);
    const bodies = sent.flatMap((flood) => sizes.map(flood));
    const answers = await Promise.all(
      bodies.map((flood) => send(route, bodyOf(path, flood, route.takesList !== undefined))),
    );
    for (const answer of answers) expectShort(answer);
    // Many short names are a list of targets, and some routes read no body.
    if (Object.keys(bodiesOf(route)).length === 0 || path[0] === 'targets' || path[0] === 'list') return;
    for (const { status, text } of answers) expect(status, text).toBeGreaterThanOrEqual(400);
  });
});

describe('what an answer leaves out is counted in it', () => {
  const submit = (fields: object) =>
    postJson(`${service.url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets: ['a.com'], ...fields });

  it('of errors', async () => {
    const params = Object.fromEntries(many(1000, (at) => `p${at}`).map((name) => [name, 1]));
    const { detail, errors = [] } = problemOf(await submit({ params }), 'invalid_request');
    expect(errors).toHaveLength(MOST_ERRORS);
    expect(errors[0]?.pointer).toBe('/params/p0');
    expect(detail).toMatch(/; and 980 more$/);
  });

  it('of a name', async () => {
    const { errors = [] } = problemOf(await submit({ params: { ['😀'.repeat(500)]: 1 } }), 'invalid_request');
    expect(errors[0]?.pointer).toMatch(/^\/params\/(😀)+…$/u);
  });
});

it('headers over 16 KiB are refused before any route', async () => {
  const query = many(5000, (at) => `m${at}=1`).join('&');
  expect((await ask(`${service.url}/v1/jobs?${query}`)).status).toBe(431);
  expect((await ask(`${service.url}/v1/jobs`, { headers: { 'Idempotency-Key': 'x'.repeat(20_000) } })).status).toBe(
    431,
  );
});

it('every field that fits is taken, up to 64 KiB of them', async () => {
  const filters = ['domain', 'in', many(8000, (at) => `d${at}.com`)];
  const body = (list: unknown[]) => ({ endpoint: 'referring_domains', targets: ['a.com'], params: { filters: list } });
  const url = `${service.url}/v1/estimates`;
  problemOf(await postJson(url, body(filters)), 'body_too_large');
  const fitting = filters.with(
    2,
    many(3000, (at) => `d${at}.com`),
  );
  expect((await postJson(url, body(fitting))).status).toBe(200);
});
