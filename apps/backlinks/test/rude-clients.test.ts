import { once } from 'node:events';
import { connect } from 'node:net';
import { upstreamEnvelope } from '@linkhaul/schemas';
import { expect, test } from 'vitest';
import { serveEachTest } from './serve-tests.js';
import { AUTHORIZATION, call, recordWith } from './support.js';

const PATH = '/v3/backlinks/bulk_backlinks/live';
const TASK = { targets: ['forbes.com'] };

const server = serveEachTest({ settings: { max_in_flight: 2 } });

/** Opens a connection and sends text as it is. */
async function sendRaw(text: string) {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

const headers = (more: string) =>
  `POST ${PATH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${AUTHORIZATION}\r\n${more}\r\n`;

test.each([
  ['of a declared length', `${headers('Content-Length: 1000\r\n')}[{"targets":`],
  ['in chunks', `${headers('Transfer-Encoding: chunked\r\n')}c\r\n[{"targets":\r\n`],
])('a client that leaves in the middle of a body %s leaves nothing behind', async (_name, text) => {
  for (let i = 0; i < 5; i++) {
    const socket = await sendRaw(text);
    await recordWith(server, ({ totals }) => totals.requests === i + 1);
    socket.destroy();
    await recordWith(server, ({ totals }) => totals.open === 0);
  }
  expect(await Promise.all([call(server, 'bulk_backlinks', TASK), call(server, 'bulk_backlinks', TASK)])).toMatchObject(
    [{ status_code: 20000 }, { status_code: 20000 }],
  );
  const { requests, totals } = await recordWith(server, (seen) => seen.totals.open === 0);
  expect(requests[0]).toMatchObject({ http_status: null, answered_at: null, cost_usd: 0, task_id: null });
  expect(totals).toMatchObject({ requests: 7, charged: 2, codes: { none: 5, 20000: 2 } });
});

test('a client that leaves while its call runs keeps its place until the call ends, and pays', async () => {
  await server.control('PUT', '/settings', { latency_ms: 600_000, max_in_flight: 1 });
  const leaving = new AbortController();
  const running = server.post(PATH, [TASK], { signal: leaving.signal });
  await recordWith(server, ({ requests }) => requests[0]?.task_id != null);
  leaving.abort();
  await expect(running).rejects.toThrow();
  expect(await call(server, 'bulk_backlinks', TASK)).toMatchObject({ status_code: 40209 });
});

test('many calls may wait at once without a warning', async () => {
  const warned: Error[] = [];
  const warn = (warning: Error) => warned.push(warning);
  process.on('warning', warn);
  await server.control('PUT', '/settings', { latency_ms: 600_000, max_in_flight: 100 });
  const waiting = Array.from({ length: 30 }, () => call(server, 'bulk_backlinks', TASK));
  await recordWith(server, ({ requests }) => requests.filter(({ task_id }) => task_id !== null).length === 30);
  server.interrupt();
  for (const envelope of await Promise.all(waiting)) expect(envelope).toMatchObject({ tasks_error: 0 });
  process.off('warning', warn);
  expect(warned).toEqual([]);
});

test('many bad requests at once are each refused, and good ones between them answered', async () => {
  await server.control('PUT', '/settings', { max_in_flight: 1000 });
  const bad = ['', '[', '[{}]', '[1]', '{"a":1}', '\u0000', `[{"targets":${'['.repeat(5000)}`, '[{"targets":[{}]}]'];
  const answers = await Promise.all(
    Array.from({ length: 400 }, async (_, i) => {
      const answer = await server.post(PATH, i % 10 === 9 ? [TASK] : (bad[i % bad.length] ?? ''));
      return [answer.status, upstreamEnvelope.parse(await answer.json())] as const;
    }),
  );
  const good = answers.filter(([, envelope]) => envelope.tasks?.[0]?.status_code === 20000);
  expect(good).toHaveLength(40);
  for (const [status, envelope] of answers) {
    expect(status).toBe(200);
    expect([20000, 40502, 40503]).toContain(envelope.status_code);
    expect(JSON.stringify(envelope)).not.toMatch(/\bat .*\.[jt]s\b|node_modules/);
  }
  const { totals } = await recordWith(server, (seen) => seen.totals.open === 0);
  expect(totals).toMatchObject({ requests: 400, charged: 40, max_rolling_minute: 400 });
});

test('a body whose declared length is too large is refused before it comes', async () => {
  const socket = await sendRaw(headers('Content-Length: 99999999\r\n'));
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toContain('"status_code":40503');
  socket.destroy();
  await recordWith(server, ({ totals }) => totals.open === 0);
  expect(await call(server, 'bulk_backlinks', TASK)).toMatchObject({ status_code: 20000 });
});
