import { apiKey, type KeyScope, shownApiKey } from '@linkhaul/schemas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ROUTES } from '../src/routes/index.js';
import { type Answer, ask, jobOf, problemOf } from './http.js';
import { createStarter, type Service } from './service.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start({
    LINKHAUL_API_KEYS: 'alpha:key-a-of-a-tenant,beta:key-b-of-a-tenant,gamma:lh_of-the-operator',
  });
});
afterAll(starter.closeAll);

function as(key: string, method = 'GET', body?: unknown): RequestInit {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
}

const at = (path: string) => `${service.url}${path}`;
const shown = (answer: Answer) => shownApiKey.parse(JSON.parse(answer.text));
const make = async (key: string, scope: KeyScope) =>
  shown(await ask(at('/v1/keys'), as(key, 'POST', { name: 'ci', scope })));
const listOf = async (key: string) => {
  const answer = JSON.parse((await ask(at('/v1/keys'), as(key))).text);
  return z.object({ keys: z.array(apiKey.strict()), next_cursor: z.null() }).parse(answer).keys;
};

describe('keys', () => {
  it('are shown once, and kept as a hash', async () => {
    const answer = await ask(at('/v1/keys'), as('key-a-of-a-tenant', 'POST', { name: 'ci', scope: 'read' }));
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([201, 'no-store']);
    const { key, ...view } = shown(answer);
    expect(key).toMatch(/^lh_[\w-]{43}$/);
    expect(view).toMatchObject({ name: 'ci', scope: 'read', last_used_at: null });
    expect(await listOf('key-a-of-a-tenant')).toContainEqual(view);
    const names = await service.redis.keys(`${service.keys.root}:*`);
    const hashes = await Promise.all(
      names.map(async (name) => ((await service.redis.type(name)) === 'hash' ? service.redis.hgetall(name) : {})),
    );
    expect(JSON.stringify([names, hashes])).not.toContain(key);
  });

  it('count from the moment they are made until the moment they are taken away, and say when they were used', async () => {
    const { key, id } = await make('key-a-of-a-tenant', 'read');
    expect((await ask(at('/v1/jobs'), as(key))).status).toBe(200);
    expect((await listOf('key-a-of-a-tenant')).find((one) => one.id === id)?.last_used_at).not.toBeNull();
    expect((await ask(at(`/v1/keys/${id}`), as('key-a-of-a-tenant', 'DELETE'))).status).toBe(204);
    problemOf(await ask(at('/v1/jobs'), as(key)), 'unauthorized');
    problemOf(await ask(at(`/v1/keys/${id}`), as('key-a-of-a-tenant', 'DELETE')), 'not_found');
    expect((await listOf('key-a-of-a-tenant')).map((one) => one.id)).not.toContain(id);
  });

  it('get another secret, and the one before counts no more', async () => {
    const old = await make('key-a-of-a-tenant', 'submit');
    const fresh = shown(await ask(at(`/v1/keys/${old.id}/rotate`), as('key-a-of-a-tenant', 'POST')));
    expect(fresh).toMatchObject({ id: old.id, scope: 'submit' });
    expect(fresh.key.startsWith(fresh.hint.slice(0, -1))).toBe(true);
    problemOf(await ask(at('/v1/jobs'), as(old.key)), 'unauthorized');
    expect((await ask(at('/v1/jobs'), as(fresh.key))).status).toBe(200);
    problemOf(await ask(at('/v1/keys/key_none/rotate'), as('key-a-of-a-tenant', 'POST')), 'not_found');
  });

  it('that are changed and taken away at the same time leave none that nobody lists', async () => {
    for (let times = 0; times < 20; times++) {
      const { id } = await make('key-a-of-a-tenant', 'read');
      const [rotated] = await Promise.all([
        ask(at(`/v1/keys/${id}/rotate`), as('key-a-of-a-tenant', 'POST')),
        ask(at(`/v1/keys/${id}`), as('key-a-of-a-tenant', 'DELETE')),
      ]);
      if (rotated.status === 200) problemOf(await ask(at('/v1/jobs'), as(shown(rotated).key)), 'unauthorized');
    }
  });

  it("are another tenant's to see as little as its jobs", async () => {
    const { id, key } = await make('key-a-of-a-tenant', 'admin');
    expect((await listOf('key-b-of-a-tenant')).map((one) => one.id)).not.toContain(id);
    problemOf(await ask(at(`/v1/keys/${id}`), as('key-b-of-a-tenant', 'DELETE')), 'not_found');
    problemOf(await ask(at(`/v1/keys/${id}/rotate`), as('key-b-of-a-tenant', 'POST')), 'not_found');
    const own = await make(key, 'read');
    expect((await listOf('key-a-of-a-tenant')).map((one) => one.id)).toContain(own.id);
  });

  it.each([[{}], [{ name: 'x' }], [{ name: 'x', scope: 'all' }], [{ name: '', scope: 'read' }], [{ scopes: [] }]])(
    'are not made of %j',
    async (body) => {
      problemOf(await ask(at('/v1/keys'), as('key-a-of-a-tenant', 'POST', body)), 'invalid_request');
    },
  );

  it('of the operator count as they stand, in whatever form', async () => {
    expect((await ask(at('/v1/keys'), as('lh_of-the-operator'))).status).toBe(200);
    problemOf(await ask(at('/v1/keys'), as('lh_of-somebody-else')), 'unauthorized');
  });

  it('are judged where none is needed, too', async () => {
    const open = await starter.start();
    expect((await ask(`${open.url}/v1/jobs`, as('anything'))).status).toBe(200);
    problemOf(await ask(`${open.url}/v1/jobs`, as('lh_nothing')), 'unauthorized');
    const made = shown(await ask(`${open.url}/v1/keys`, as('', 'POST', { name: 'x', scope: 'read' })));
    problemOf(await ask(`${open.url}/v1/keys`, as(made.key)), 'forbidden');
  });
});

describe('scopes', () => {
  const scoped = ROUTES.flatMap(({ routes }) => routes).flatMap((route) => ('scope' in route ? [route] : []));

  it('let each key do what it may, and nothing more', async () => {
    const allowed: Record<KeyScope, readonly KeyScope[]> = {
      read: ['read'],
      submit: ['read', 'submit'],
      admin: ['read', 'submit', 'admin'],
    };
    for (const scope of ['read', 'submit', 'admin'] as const) {
      const { key } = await make('key-a-of-a-tenant', scope);
      for (const { id, method, path, scope: needed } of scoped) {
        // Of a key, a job, a delivery and so on that are not there.
        const url = at(path.replace(/:\w+/g, 'none'));
        // The status alone: a stream of changes has no end.
        const { status, body } = await fetch(url, as(key, method.toUpperCase()));
        await body?.cancel();
        expect([id, scope, status === 403]).toEqual([id, scope, !allowed[scope].includes(needed)]);
        if (method === 'get') {
          const head = await ask(url, as(key, 'HEAD'));
          expect([id, scope, head.status === 403]).toEqual([id, scope, status === 403]);
        }
        if (status !== 403) continue;
        const refused = await ask(url, as(key, method.toUpperCase()));
        expect(problemOf(refused, 'forbidden').detail).toContain(needed);
      }
    }
  });
});

describe('keys of a tenant beside the admin’s', () => {
  it('are of their tenant alone, whatever their scope', async () => {
    const settings = { LINKHAUL_API_KEYS: 'alpha:key-a-of-a-tenant', LINKHAUL_ADMIN_KEY: 'lh_admin-of-all-x' };
    for (const own of [await starter.start(), await starter.start(settings)]) {
      const to = (path: string) => `${own.url}/v1/${path}`;
      const made = await ask(to('keys'), as('key-a-of-a-tenant', 'POST', { name: 'x', scope: 'admin' }));
      const { key } = shown(made);
      for (const method of ['GET', 'PUT']) {
        problemOf(await ask(to('tenants/alpha'), as(key, method)), 'forbidden');
      }
      expect((await ask(to('usage?group_by=tenant'), as(key))).status).toBe(200);
      expect((await ask(to('keys'), as(key))).status).toBe(200);
    }
    const { url } = await starter.start(settings);
    expect((await ask(`${url}/v1/tenants/alpha`, as('lh_admin-of-all-x'))).status).toBe(200);
  });
});

describe('the admin’s key', () => {
  const open = () =>
    starter.start({ LINKHAUL_API_KEYS: 'alpha:key-a-of-a-tenant', LINKHAUL_ADMIN_KEY: 'lh_admin-of-all-x' });

  it('makes a new tenant’s first key, and lists, rotates and takes away its keys', async () => {
    const { url } = await open();
    const of = (path: string) => `${url}/v1/keys${path}?tenant=acme`;
    const first = shown(await ask(of(''), as('lh_admin-of-all-x', 'POST', { name: 'first', scope: 'admin' })));
    expect(first).toMatchObject({ name: 'first', scope: 'admin' });
    const own = JSON.parse((await ask(`${url}/v1/keys`, as(first.key))).text);
    expect(JSON.parse((await ask(of(''), as('lh_admin-of-all-x'))).text)).toEqual({
      ...own,
      keys: own.keys.map((key: object) => ({ ...key, last_used_at: expect.any(String) })),
    });
    expect(own.keys).toHaveLength(1);
    expect(JSON.parse((await ask(`${url}/v1/keys?tenant=alpha`, as('lh_admin-of-all-x'))).text).keys).toEqual([]);
    const fresh = shown(await ask(of(`/${first.id}/rotate`), as('lh_admin-of-all-x', 'POST')));
    problemOf(await ask(`${url}/v1/jobs`, as(first.key)), 'unauthorized');
    const job = { endpoint: 'bulk_backlinks', targets: ['a.com'] };
    expect(jobOf(await ask(`${url}/v1/jobs`, as(fresh.key, 'POST', job))).tenant).toBe('acme');
    expect((await ask(of(`/${first.id}`), as('lh_admin-of-all-x', 'DELETE'))).status).toBe(204);
    problemOf(await ask(`${url}/v1/jobs`, as(fresh.key)), 'unauthorized');
  });

  it('must say whose, and no other may name another tenant than its own', async () => {
    const { url } = await open();
    const made = shown(await ask(`${url}/v1/keys`, as('key-a-of-a-tenant', 'POST', { name: 'x', scope: 'admin' })));
    for (const [method, path] of [
      ['GET', ''],
      ['POST', ''],
      ['POST', `/${made.id}/rotate`],
      ['DELETE', `/${made.id}`],
    ] as const) {
      const body = method === 'POST' && path === '' ? { name: 'x', scope: 'read' } : undefined;
      const to = (tenant: string) => `${url}/v1/keys${path}${tenant}`;
      expect(problemOf(await ask(to(''), as('lh_admin-of-all-x', method, body)), 'invalid_request').detail).toContain(
        '?tenant=',
      );
      problemOf(await ask(to('?tenant=.x'), as('lh_admin-of-all-x', method, body)), 'invalid_request');
      for (const key of ['key-a-of-a-tenant', made.key]) {
        problemOf(await ask(to('?tenant=beta'), as(key, method, body)), 'forbidden');
      }
    }
    expect((await ask(`${url}/v1/keys?tenant=alpha`, as('key-a-of-a-tenant'))).status).toBe(200);
    // Of another tenant nothing is found by an id alone.
    problemOf(await ask(`${url}/v1/keys/${made.id}?tenant=beta`, as('lh_admin-of-all-x', 'DELETE')), 'not_found');
    expect((await ask(`${url}/v1/keys`, as(made.key))).status).toBe(200);
  });

  it('is what a caller without a key has where none is needed', async () => {
    const { url } = await starter.start();
    const made = shown(await ask(`${url}/v1/keys?tenant=acme`, as('', 'POST', { name: 'x', scope: 'submit' })));
    const job = { endpoint: 'bulk_backlinks', targets: ['a.com'] };
    expect(jobOf(await ask(`${url}/v1/jobs`, as(made.key, 'POST', job))).tenant).toBe('acme');
  });
});

describe('requests a minute', () => {
  it('are counted for a tenant over all its keys, and said on every answer', async () => {
    const { services, redis } = service;
    await services.requestLimits.set('beta', 3);
    const { key } = await make('key-b-of-a-tenant', 'read');
    const second = async () => Number((await redis.time())[0]) % 60;
    await expect.poll(second).toBeLessThan(45);
    await redis.del(...(await redis.keys(`${service.keys.root}:requests:*`)));
    const limit = (answer: Answer) => [answer.headers.get('ratelimit-policy'), answer.headers.get('ratelimit')];
    const left = (r: number) => ['"default";q=3;w=60', expect.stringMatching(`^"default";r=${r};t=\\d+$`)];
    expect(limit(await ask(at('/v1/jobs'), as('key-b-of-a-tenant')))).toEqual(left(2));
    expect(limit(await ask(at('/v1/jobs/job_none'), as(key)))).toEqual(left(1));
    expect(limit(await ask(at('/v1/jobs'), as(key)))).toEqual(left(0));
    const refused = await ask(at('/v1/jobs'), as(key));
    problemOf(refused, 'too_many_requests');
    expect(limit(refused)).toEqual(left(0));
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const other = await ask(at('/v1/jobs'), as('key-a-of-a-tenant'));
    expect([other.status, ...limit(other)]).toEqual([200, null, null]);
    await services.requestLimits.set('beta', null);
    expect((await ask(at('/v1/jobs'), as(key))).status).toBe(200);
  });
});
