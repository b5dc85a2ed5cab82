import { once } from 'node:events';
import { Agent, type ClientRequest, get, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { type ConnectionLimits, connectionLimits, listen, readEnv, serverSettings } from '../src/index.js';

const HALF_HEAD = 'GET / HTTP/1.1\r\nhost: here\r\nx-slow: x';
const HALF_BODY = 'POST / HTTP/1.1\r\nhost: here\r\ncontent-length: 10\r\n\r\nhalf';
const HEAD = 'GET / HTTP/1.1\r\nhost: here\r\n\r\n';
const PLENTY = 1_000;

interface Settings extends Partial<ConnectionLimits> {
  readonly trusted?: string;
}

/** Answers `/held` when it is let go, anything else with what was sent. */
async function serve({ trusted = '', ...limits }: Settings) {
  const read = readEnv(z.object(serverSettings), { TRUSTED_PROXIES: trusted });
  if (!read.ok) throw new Error(read.problems.join('; '));
  const held: (() => void)[] = [];
  const answer = async (request: Request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/held') await new Promise<void>((resolve) => held.push(resolve));
    return new Response(await request.text());
  };
  const server = await listen(answer, {
    host: '127.0.0.1',
    port: 0,
    limits: { ...connectionLimits(read.env), total: PLENTY, perAddress: PLENTY, headMs: 60_000, ...limits },
  });
  onTestFinished(() => server.close(0));
  const letGo = () => {
    for (const go of held.splice(0)) go();
  };
  return { port: server.port, held, letGo };
}

async function open(port: number, text = '', localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  // A socket that is cut while it writes gets an error. The tests wait for its close.
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  if (text !== '') await new Promise((written) => socket.write(text, written));
  return socket.resume();
}

const closing = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve));

/** Writes a text, then its last character again and again, as slowly as may be. */
function drip(socket: Socket, text: string): void {
  socket.write(text);
  const timer = setInterval(() => socket.write(text.endsWith('\n') ? text : text.slice(-1)), 50);
  socket.once('close', () => clearInterval(timer));
}

interface Asking {
  readonly path?: string;
  readonly from?: string;
  readonly forwarded?: string;
}

function asked(port: number, { path = '/', from = '127.0.0.1', forwarded }: Asking = {}): ClientRequest {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return get({ host: '127.0.0.1', port, path, localAddress: from, agent: false, headers });
}

async function statusOf(sent: ClientRequest): Promise<number | undefined> {
  const [answer]: IncomingMessage[] = await once(sent, 'response');
  answer?.resume();
  return answer?.statusCode;
}

const answered = (port: number, asking?: Asking) => statusOf(asked(port, asking));

const TOO_SLOW: Record<string, (socket: Socket) => void | Promise<void>> = {
  'sends nothing': () => undefined,
  'sends half a head': (socket) => void socket.write(HALF_HEAD),
  'drips its head': (socket) => drip(socket, HALF_HEAD),
  'drips empty lines': (socket) => drip(socket, '\r\n'),
  'has had an answer and drips empty lines': (socket) => afterAnAnswer(socket, '\r\n'),
  'has had an answer and drips another head': (socket) => afterAnAnswer(socket, HALF_HEAD),
};

it.each(Object.keys(TOO_SLOW))('cuts a client that %s', async (name) => {
  const { port } = await serve({ headMs: 100 });
  const socket = await open(port);
  const closed = closing(socket);
  await TOO_SLOW[name]?.(socket);
  await closed;
  expect(await answered(port)).toBe(200);
});

async function afterAnAnswer(socket: Socket, dripped: string): Promise<void> {
  socket.write(HEAD);
  await once(socket, 'data');
  drip(socket, dripped);
}

it('cuts what asks for nothing in a kept connection, and leaves it as long as requests come', async () => {
  const { port } = await serve({ headMs: 3_000 });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const ask = async () => {
    const sent = get({ host: '127.0.0.1', port, agent });
    await statusOf(sent);
    return sent.socket;
  };
  const first = await ask();
  expect(await ask()).toBe(first);
  if (first === null) throw new Error('it has a socket');
  await closing(first);
});

it('cuts a body of which nothing comes any more, and lets one take long that keeps coming', async () => {
  const { port, held, letGo } = await serve({ headMs: 100, silenceMs: 1_000 });
  const waiting = asked(port, { path: '/held' });
  const upload = request({ host: '127.0.0.1', port, method: 'POST', agent: false });
  const status = statusOf(upload);
  const dripping = setInterval(() => upload.write('row\n'), 50);
  for (let round = 0; round < 2; round++) await closing(await open(port, HALF_BODY));
  clearInterval(dripping);
  upload.end();
  expect(await status).toBe(200);
  // What has come whole may be answered as late as its handler likes.
  expect(held).toHaveLength(1);
  letGo();
  expect(await statusOf(waiting)).toBe(200);
});

it('takes no client for silent while the process stood still', async () => {
  const { port, held, letGo } = await serve({ silenceMs: 1_000 });
  const upload = request({ host: '127.0.0.1', port, path: '/held', method: 'POST', agent: false });
  const status = statusOf(upload);
  upload.write('row\n');
  await expect.poll(() => held.length).toBe(1);
  const dripping = setInterval(() => upload.write('row\n'), 50);
  for (const until = performance.now() + 2_500; performance.now() < until; );
  await closing(await open(port, HALF_BODY));
  clearInterval(dripping);
  letGo();
  upload.end();
  expect(await status).toBe(200);
});

it('lets a client wait that has sent more than is read', async () => {
  const { port, letGo, held } = await serve({ silenceMs: 100 });
  const upload = request({ host: '127.0.0.1', port, path: '/held', method: 'POST', agent: false });
  const status = statusOf(upload);
  upload.write(Buffer.alloc(20_000_000, 'x'));
  await expect.poll(() => held.length).toBe(1);
  for (let round = 0; round < 2; round++) await closing(await open(port, HALF_BODY));
  letGo();
  upload.end();
  expect(await status).toBe(200);
});

it('makes room for an address by cutting what asks for nothing the longest', async () => {
  const { port } = await serve({ perAddress: 16 });
  const sockets: Socket[] = [];
  for (let count = 0; count < 16; count++) sockets.push(await open(port, HALF_HEAD));
  const other = await open(port, HALF_HEAD, '127.0.0.2');
  const [oldest, next] = sockets;
  if (oldest === undefined || next === undefined) throw new Error('there are sixteen');
  const cut = closing(oldest);
  expect(await answered(port)).toBe(200);
  await cut;
  expect([next.closed, other.closed]).toEqual([false, false]);
});

it('answers an address with 429 that has too many requests open, and tells it the health all the same', async () => {
  const { port, held, letGo } = await serve({ perAddress: 16 });
  const open = Array.from({ length: 15 }, () => asked(port, { path: '/held' }));
  await expect.poll(() => held.length).toBe(15);
  const refused = asked(port);
  expect(await statusOf(refused)).toBe(429);
  expect(await answered(port, { path: '/healthz' })).toBe(200);
  expect(await answered(port, { from: '127.0.0.2' })).toBe(200);
  letGo();
  expect(new Set(await Promise.all(open.map(statusOf)))).toEqual(new Set([200]));
  expect(await answered(port)).toBe(200);
});

it('makes room for a new address by cutting the connections that are idle longest, of any address', async () => {
  const { port } = await serve({ total: 20 });
  const sockets: Socket[] = [];
  for (let count = 0; count < 20; count++) sockets.push(await open(port, HALF_HEAD, `127.0.0.${2 + count}`));
  const cut = sockets.slice(0, 10).map(closing);
  for (let count = 0; count < 10; count++) expect(await answered(port, { path: '/healthz' })).toBe(200);
  await cut[0];
  expect(sockets.at(-1)?.closed).toBe(false);
});

it('counts by what trusted proxies forward, and not the proxies themselves', async () => {
  const { port, held, letGo } = await serve({ perAddress: 4, trusted: '127.0.0.1' });
  const clients = ['192.0.2.1', '192.0.2.2', '2001:db8::1', '2001:db8:0:1::1'];
  const open = clients.flatMap((forwarded) => [1, 2, 3].map(() => asked(port, { path: '/held', forwarded })));
  await expect.poll(() => held.length).toBe(12);
  for (const forwarded of clients) expect(await answered(port, { forwarded })).toBe(429);
  expect(await answered(port, { forwarded: '2001:db8::2' })).toBe(429);
  expect(await answered(port, { forwarded: '192.0.2.1, 192.0.2.3' })).toBe(200);
  expect(await answered(port)).toBe(200);
  // Whom nobody trusts is counted by where he comes from, whatever he says.
  expect(await answered(port, { from: '127.0.0.2', forwarded: '192.0.2.1' })).toBe(200);
  letGo();
  await Promise.all(open.map(statusOf));
});
