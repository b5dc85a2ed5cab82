import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../src/routes/index.js';
import { NOTHING } from '../src/routing/request-parts.js';
import type { Route } from '../src/routing/route.js';
import { ask, postJson, problemOf } from './http.js';
import { createStarter, type Service } from './service.js';

const routes = ROUTES.flatMap((group) => group.routes);

/** `listJobs` as `list-jobs`. */
function fileNameOf({ id }: Route): string {
  return id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

describe('a file that defines a route', () => {
  it('defines one, has its name, and is in the list', async () => {
    const folder = new URL('../src/routes/', import.meta.url);
    const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.ts'));
    const sources = await Promise.all(files.map((file) => readFile(new URL(file, folder), 'utf8')));
    const defined = files.flatMap((file, at) =>
      [...(sources[at] ?? '').matchAll(/\bdefineRoute\(/g)].map(() => basename(file, '.ts')),
    );
    expect(defined.sort()).toEqual(routes.map(fileNameOf).sort());
  });

  it('is the only place that takes requests', async () => {
    const folder = new URL('../src/', import.meta.url);
    const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.ts'));
    const sources = await Promise.all(files.map((file) => readFile(new URL(file, folder), 'utf8')));
    expect(files.filter((_, at) => sources[at]?.includes('new Hono'))).toEqual(['app.ts']);
  });
});

describe('a request', () => {
  const starter = createStarter();
  let service: Service;

  beforeAll(async () => {
    service = await starter.start();
  });
  afterAll(starter.closeAll);

  const named = routes.filter(({ request }) => request.shape.params !== NOTHING);

  it.each(named.map((route) => [route.id, route] as const))('of %s for what cannot be there', async (_, route) => {
    // What else the route needs stands in its examples.
    const query = new URLSearchParams(route.examples[0]?.query);
    const answer = await ask(`${service.url}${route.path.replace(/:\w+/g, '~')}?${query}`, {
      method: route.method.toUpperCase(),
    });
    problemOf(answer, route.problems?.includes('not_found') ? 'not_found' : 'invalid_request');
  });

  it('is told all that is wrong with its query, in the words of the documentation', async () => {
    const query = 'status=queued,done&endpoint=links&limit=1001&tag=.';
    const { detail, errors = [] } = problemOf(await ask(`${service.url}/v1/jobs?${query}`), 'invalid_request');
    expect(Object.fromEntries(errors.map(({ pointer, message }) => [pointer, message]))).toEqual({
      status: expect.stringMatching(/^must be some of queued, .*, separated by commas$/),
      endpoint: expect.stringMatching(/^must be one of \w+, /),
      limit: 'must be a whole number from 1 to 1000',
      tag: expect.stringContaining('. or ..'),
    });
    for (const { message } of errors) expect(detail).toContain(message);
  });

  it.each([
    ['jobs?limit=x', 'limit', 'must be a whole number from 1 to 1000'],
    ['jobs?limit=', 'limit', 'must be a whole number from 1 to 1000'],
    ['jobs?metadata[__proto__]=x', 'metadata[__proto__]', 'is not taken as a name'],
    ['usage?format=xml', 'format', 'must be one of json, csv'],
    ['usage?spreadsheet=2', 'spreadsheet', 'must be 1'],
    ['tags/x/diff?min_change=-1', 'min_change', 'must be a number, 0 or more'],
    ['tags/x/results?min_ok=2', 'min_ok', 'must be a number from 0 to 1'],
    ['keys?tenant=a/b', 'tenant', /^is 1 to 64 letters/],
  ])('with %s says what to send', async (path, pointer, says) => {
    const { errors } = problemOf(await ask(`${service.url}/v1/${path}`), 'invalid_request');
    expect(errors).toEqual([
      { pointer, code: 'invalid', message: typeof says === 'string' ? says : expect.stringMatching(says) },
    ]);
  });

  it('is judged by its query before its body is read', async () => {
    const { errors } = problemOf(await postJson(`${service.url}/v1/keys?tenat=a`, '{'), 'invalid_request');
    expect(errors?.[0]).toMatchObject({ pointer: 'tenat', message: expect.stringContaining('`tenant`') });
  });
});
