import { expect, test } from 'vitest';
import { backlinksEnv, serviceEnv } from '../src/child-env.js';

const at = { dataDir: '/data dir', redisUrl: 'redis://127.0.0.1:1', backlinksUrl: 'http://127.0.0.1:2' };

test('with the local upstream nothing of another one is left', () => {
  const real = { UPSTREAM_URL: 'https://api.dataforseo.com', UPSTREAM_TOKEN: 'secret', UPSTREAM_LOGIN_FILE: '/login' };
  const env = serviceEnv({ ...real, BACKLINKS_LOGIN: 'me', WORKER_CONCURRENCY: '3' }, at);
  expect(env).toMatchObject({
    REDIS_URL: at.redisUrl,
    STORAGE_URL: 'file:///data%20dir/storage',
    UPSTREAM_URL: at.backlinksUrl,
    UPSTREAM_LOGIN: 'me',
    UPSTREAM_PASSWORD: 'local',
    UPSTREAM_TOKEN: '',
    UPSTREAM_LOGIN_FILE: '',
    WORKER_CONCURRENCY: '3',
  });
});

test("with another's upstream its settings stay as they are, and so does a storage that is set", () => {
  const given = { UPSTREAM_URL: 'https://api.dataforseo.com', UPSTREAM_TOKEN: 'secret', STORAGE_URL: 's3://bucket' };
  const env = serviceEnv(given, { ...at, backlinksUrl: null });
  expect(env).toMatchObject(given);
});

test('the line that says a process is ready is never filtered out', () => {
  for (const [level, becomes] of [
    ['silent', 'info'],
    ['warn', 'info'],
    ['debug', 'debug'],
  ]) {
    expect(serviceEnv({ LOG_LEVEL: level }, at).LOG_LEVEL).toBe(becomes);
    expect(backlinksEnv({ LOG_LEVEL: level }, '/data', 0).LOG_LEVEL).toBe(becomes);
  }
});

test('the link graph lives in the data folder unless it has a place of its own', () => {
  expect(backlinksEnv({}, '/data', 8090)).toMatchObject({ PORT: '8090', BACKLINKS_DATA: '/data/backlinks.duckdb' });
  expect(backlinksEnv({ BACKLINKS_DATA: '/graph' }, '/data', 0).BACKLINKS_DATA).toBe('/graph');
});
