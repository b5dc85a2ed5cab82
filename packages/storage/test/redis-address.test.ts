import { expect, test } from 'vitest';
import { ownerIn } from '../src/backends/redis-ask.js';
import { parseRedisUrl } from '../src/index.js';

test('a URL names one server, sentinels, or nodes of a cluster', () => {
  const server = 'rediss://user:secret@redis.example:6380/2';
  expect(parseRedisUrl(server)).toEqual({ kind: 'server', url: server });
  expect(parseRedisUrl('redis+sentinel://one,two:26380,[::1]:26381/mymaster')).toEqual({
    kind: 'sentinel',
    nodes: [
      { host: 'one', port: 26_379 },
      { host: 'two', port: 26_380 },
      { host: '::1', port: 26_381 },
    ],
    name: 'mymaster',
    login: {},
    nodesLogin: {},
    isTls: false,
    commandTimeoutMs: null,
  });
  expect(parseRedisUrl('redis+cluster://10.0.0.1:7001,10.0.0.2')).toMatchObject({
    kind: 'cluster',
    nodes: [
      { host: '10.0.0.1', port: 7001 },
      { host: '10.0.0.2', port: 6379 },
    ],
  });
});

test('rediss+sentinel and rediss+cluster speak TLS to servers and nodes', () => {
  expect(parseRedisUrl('rediss+sentinel://one/mymaster')).toMatchObject({ kind: 'sentinel', isTls: true });
  expect(parseRedisUrl('rediss+cluster://one')).toMatchObject({ kind: 'cluster', isTls: true });
});

test('nodes of a cluster are asked with the login of the data, sentinels with their own', () => {
  const login = { username: 'app', password: 'a:b@c' };
  expect(parseRedisUrl('redis+cluster://app:a:b%40c@one')).toMatchObject({ login, nodesLogin: login });
  expect(parseRedisUrl('redis+sentinel://app:a:b%40c@one/m')).toMatchObject({ login, nodesLogin: {} });
  expect(parseRedisUrl('redis+sentinel://:p@one/m?sentinelPassword=s&commandTimeout=0')).toMatchObject({
    login: { password: 'p' },
    nodesLogin: { password: 's' },
    commandTimeoutMs: Number.POSITIVE_INFINITY,
  });
});

test.each([
  '',
  'localhost:6379',
  'http://localhost',
  'redis+sentinel://one',
  'redis+sentinel://one/',
  'redis+sentinel:///mymaster',
  'redis+sentinel://one:0/mymaster',
  'redis+sentinel://one:x,two/mymaster',
  'redis+sentinel://one,,two/mymaster',
  'redis+sentinel://%zz@one/mymaster',
  'redis+sentinel://one/mymaster?sentinelpassword=s',
  'redis+cluster://one/0',
  'redis+cluster://one?sentinelPassword=s',
  'redis+cluster://one:70000',
])('the Redis URL %j is not understood', (text) => expect(parseRedisUrl(text)).toBeNull());

const NODES = `
1a 10.0.0.1:7001@17001,one.example master - 0 1426238316232 3 connected 5461-10922 [93-<-2b]
2b 10.0.0.2:7002@17002 master - 0 1426238316232 12 connected 0-1000 1002-5460
3c :7003@17003 myself,slave 2b 0 0 12 connected
4d :0@0 slave,fail,noaddr 2b 1426238317239 1426238316232 12 disconnected
5e 10.0.0.5:7005@17005 master,fail - 1426238317239 1426238316232 2 disconnected 1001
`;
const asked = { host: 'asked.example', port: 7003 };

test('of a cluster the owner of a slot is the primary, and all nodes that have an address can be asked', () => {
  const opinion = ownerIn(NODES, { slot: 93, asked });
  expect(opinion).toEqual({
    primary: { host: '10.0.0.2', port: 7002 },
    epoch: 12,
    others: [
      { host: '10.0.0.1', port: 7001 },
      { host: '10.0.0.2', port: 7002 },
      { host: 'asked.example', port: 7003 },
      { host: '10.0.0.5', port: 7005 },
    ],
  });
  expect(ownerIn(NODES, { slot: 1001, asked }).primary.port).toBe(7005);
  expect(() => ownerIn(NODES, { slot: 16_000, asked })).toThrow('CLUSTERDOWN');
});
