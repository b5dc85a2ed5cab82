import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readApiEnv } from '../src/env.js';
import { ask, jobOf, problemOf, sendHalf } from './http.js';
import { createStarter, type Service } from './service.js';

const starter = createStarter();
let service: Service;
const hash = createHash('sha256').update('key-b-of-a-tenant').digest('hex');

beforeAll(async () => {
  service = await starter.start({ LINKHAUL_API_KEYS: `alpha:key-a-of-a-tenant,beta:sha256:${hash}` });
});
afterAll(starter.closeAll);

const as = (key: string, method = 'GET', body?: string) => ({
  method,
  headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  ...(body !== undefined && { body }),
});

describe('keys', () => {
  it('are asked for before the body is read', async () => {
    for (const authorization of ['', 'Bearer wrong', `Bearer ${hash}`, 'Basic key-a-of-a-tenant']) {
      const path = '/v1/jobs?nonsense=1';
      const answer = await sendHalf({ port: service.port, path, headers: { Authorization: authorization }, body: '{' });
      problemOf(answer, 'unauthorized');
    }
    const answer = await ask(`${service.url}/v1/nothing`);
    problemOf(answer, 'unauthorized');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect((await ask(`${service.url}/healthz`)).status).toBe(200);
    expect((await ask(`${service.url}/readyz`)).status).toBe(200);
  });

  it('keep tenants apart', async () => {
    const body = JSON.stringify({ endpoint: 'bulk_backlinks', targets: ['a.com'], tag: 'same' });
    const job = jobOf(await ask(`${service.url}/v1/jobs`, as('key-a-of-a-tenant', 'POST', body)));
    expect(job.tenant).toBe('alpha');
    const self = `/v1/jobs/${job.id}`;
    for (const path of [self, `${self}/results`, `${self}/rows`, '/v1/tags/same', '/v1/tags/same/results']) {
      problemOf(await ask(`${service.url}${path}`, as('key-b-of-a-tenant')), 'not_found');
    }
    for (const action of ['pause', 'resume', 'cancel']) {
      problemOf(await ask(`${service.url}${self}/${action}`, as('key-b-of-a-tenant', 'POST')), 'not_found');
    }
    expect(JSON.parse((await ask(`${service.url}/v1/jobs`, as('key-b-of-a-tenant'))).text).jobs).toEqual([]);
    expect(JSON.parse((await ask(`${service.url}/v1/tags`, as('key-b-of-a-tenant'))).text).tags).toEqual([]);
    expect(jobOf(await ask(`${service.url}${self}`, as('key-a-of-a-tenant'))).status).toBe('queued');
    const secretOf = async (key: string) =>
      JSON.parse((await ask(`${service.url}/v1/webhooks/secret`, as(key))).text).secret;
    expect(await secretOf('key-a-of-a-tenant')).toMatch(/^whsec_/);
    expect(await secretOf('key-a-of-a-tenant')).not.toBe(await secretOf('key-b-of-a-tenant'));
    expect(await secretOf('key-a-of-a-tenant')).toBe(await secretOf('key-a-of-a-tenant'));
  });
});

describe('a service whose Redis is away', () => {
  it('says so at once, lives on, and serves again by itself', async () => {
    const own = await starter.start();
    own.redis.disconnect();
    for (const path of [
      '/v1/jobs',
      '/v1/jobs/job_1',
      '/v1/jobs/job_1/rows',
      '/v1/tags',
      '/v1/tags/t',
      '/v1/webhooks/secret',
    ]) {
      problemOf(await ask(`${own.url}${path}`), 'unavailable');
    }
    const body = '{"endpoint": "bulk_backlinks", "targets": [';
    problemOf(
      await sendHalf({ port: own.port, path: '/v1/jobs', headers: { 'Content-Type': 'application/json' }, body }),
      'unavailable',
    );
    problemOf(await ask(`${own.url}/v1/jobs/job_1/cancel`, { method: 'POST' }), 'unavailable');
    expect((await ask(`${own.url}/healthz`)).status).toBe(200);
    expect((await ask(`${own.url}/readyz`)).status).toBe(503);
    await own.redis.connect();
    expect((await ask(`${own.url}/v1/jobs`)).status).toBe(200);
    expect((await ask(`${own.url}/readyz`)).status).toBe(200);
    expect(own.errors).not.toHaveBeenCalled();
  });
});

describe('the environment', () => {
  const problemsOf = (settings: Record<string, string>) => {
    const result = readApiEnv({ UPSTREAM_URL: 'http://127.0.0.1:1', ...settings });
    return result.ok ? [] : result.problems;
  };

  it('is refused where it would not do what it says', () => {
    expect(problemsOf({})).toEqual([]);
    expect(problemsOf({ TENANT_DAILY_USD: '-1' })).toEqual([expect.stringContaining('TENANT_DAILY_USD')]);
    expect(problemsOf({ HOST: '0.0.0.0' })).toEqual([expect.stringContaining('LINKHAUL_API_KEYS')]);
    expect(problemsOf({ LINKHAUL_API_KEYS: '..:key-a-of-a-tenant' })).toHaveLength(1);
    expect(problemsOf({ STORAGE_URL: 'ftp://bucket', PORT: 'x' })).toHaveLength(2);
    // Without keys, those of a role are looked for when the service starts. One key alone is no pair.
    expect(problemsOf({ STORAGE_URL: 's3://bucket' })).toEqual([]);
    const half = { STORAGE_URL: 's3://bucket', AWS_ACCESS_KEY_ID: 'AKIA' };
    expect(problemsOf(half)).toEqual([expect.stringContaining('AWS_SECRET_ACCESS_KEY')]);
  });

  it('takes the hash of a key in either case, and nothing else behind sha256:', () => {
    for (const entry of [`acme:sha256:${hash}`, `acme:sha256:${hash.toUpperCase()}`, `acme:SHA256:${hash}`]) {
      const result = readApiEnv({ UPSTREAM_URL: 'http://127.0.0.1:1', LINKHAUL_API_KEYS: entry });
      expect(result).toMatchObject({ ok: true, env: { keys: [{ tenant: 'acme', hash }] } });
    }
    for (const text of ['sha256:', 'sha256:key', `sha256:${hash}0`, `sha256: ${hash}`, `Sha256:${hash.slice(1)}`]) {
      expect(problemsOf({ LINKHAUL_API_KEYS: `acme:${text}` })).toEqual([expect.stringContaining('64 hex digits')]);
    }
    expect(problemsOf({ LINKHAUL_API_KEYS: 'acme:sha256-and-no-hash' })).toEqual([]);
    expect(problemsOf({ LINKHAUL_ADMIN_KEY: `sha256:${hash}` })).toEqual([expect.stringContaining('not its hash')]);
  });

  it('has no key of fewer than 16 characters, and says none', () => {
    for (const name of ['LINKHAUL_API_KEYS', 'LINKHAUL_ADMIN_KEY']) {
      const tenant = name === 'LINKHAUL_API_KEYS' ? 'acme:' : '';
      const said = problemsOf({ [name]: `${tenant}fifteen-letters` });
      expect(said).toEqual([expect.stringMatching(`^${name}: has a secret of fewer than 16`)]);
      expect(said.join()).not.toContain('fifteen');
      expect(problemsOf({ [name]: `${tenant}sixteen--letters` })).toEqual([]);
    }
  });

  it('lets webhooks reach private addresses by itself only where the API listens on a loopback address', () => {
    const allowed = (settings: Record<string, string>) => {
      const keys = { LINKHAUL_API_KEYS: 'acme:key-a-of-a-tenant' };
      const result = readApiEnv({ UPSTREAM_URL: 'http://127.0.0.1:1', ...keys, ...settings });
      return result.ok && result.env.webhookAllowPrivate;
    };
    for (const HOST of ['127.0.0.1', '::1', 'localhost']) {
      expect(allowed({ HOST })).toBe(true);
      expect(allowed({ HOST, WEBHOOK_ALLOW_PRIVATE: '0' })).toBe(false);
    }
    expect(allowed({ HOST: '0.0.0.0' })).toBe(false);
    expect(allowed({ HOST: '0.0.0.0', WEBHOOK_ALLOW_PRIVATE: '1' })).toBe(true);
  });

  it('lets nobody in who has no key once any key is set', () => {
    const result = readApiEnv({ UPSTREAM_URL: 'http://127.0.0.1:1', LINKHAUL_ADMIN_KEY: 'key-admin-of-all' });
    expect(result).toMatchObject({ ok: true, env: { keys: [] } });
  });
});
