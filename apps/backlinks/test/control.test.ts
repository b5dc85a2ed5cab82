import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { serveEachTest } from './serve-tests.js';
import { AUTHORIZATION, call, recordOf, recordWith } from './support.js';

const TASK = { targets: ['forbes.com', 'cnn.com'], tag: 'weekly' };

const server = serveEachTest();

describe('a web page of elsewhere cannot ask', () => {
  async function statusWith(headers: Record<string, string>): Promise<number | undefined> {
    const sent = request(`${server.url}/__control/reset`, { method: 'POST', headers });
    sent.end();
    const [answer]: IncomingMessage[] = await once(sent, 'response');
    answer?.resume();
    return answer?.statusCode;
  }

  test.each([
    ['its own origin', { origin: 'https://evil.example' }],
    ['no origin that it would tell', { origin: 'null' }],
    ['a name that it had point here', { host: 'evil.example:8090' }],
    ['a name that begins like ours', { host: 'localhost.evil.example' }],
    ['an address of the network', { host: '192.168.0.7' }],
  ])('with %s', async (_, headers) => {
    expect(await statusWith(headers)).toBe(403);
  });

  test.each([
    [{}],
    [{ host: 'localhost:8090' }],
    [{ host: '[::1]:8090' }],
    [{ host: '127.0.0.1', origin: 'http://localhost:5173' }],
  ])('but this machine can: %j', async (headers) => {
    expect(await statusWith(headers)).toBe(200);
  });
});

describe('a reset', () => {
  const fresh = { requests: 0, charged: 0, cost_usd: 0, items: 0, codes: {} };

  test('lets calls in flight end, and charges them to nobody', async () => {
    await server.control('PUT', '/settings', { latency_ms: 600_000, balance_usd: 1 });
    const running = call(server, 'bulk_backlinks', TASK);
    await recordWith(server, ({ requests }) => requests[0]?.task_id != null);
    await server.control('POST', '/reset');
    expect(await recordOf(server)).toMatchObject({ requests: [], totals: { ...fresh, open: 1 } });
    server.interrupt();
    expect(await running).toMatchObject({ tasks_error: 0 });
    expect(await recordWith(server, ({ totals }) => totals.open === 0)).toMatchObject({ requests: [], totals: fresh });
    expect(await (await server.control('GET', '/settings')).json()).toMatchObject({ balance_usd: 100 });
    await server.control('PUT', '/settings', { balance_usd: 0.024072 });
    expect(await call(server, 'bulk_backlinks', TASK)).toMatchObject({ status_code: 20000 });
  });

  test('does not charge a call either whose body was still on its way', async () => {
    const sent = request(`${server.url}/v3/backlinks/bulk_backlinks/live`, {
      method: 'POST',
      headers: { authorization: AUTHORIZATION },
    });
    sent.write('[{"targets":');
    await recordWith(server, ({ totals }) => totals.open === 1);
    await server.control('POST', '/reset');
    sent.end('["forbes.com"]}]');
    const [answer]: IncomingMessage[] = await once(sent, 'response');
    answer?.resume();
    expect(await recordWith(server, ({ totals }) => totals.open === 0)).toMatchObject({ totals: fresh });
    expect(await (await server.control('GET', '/settings')).json()).toMatchObject({ balance_usd: 100 });
  });
});
