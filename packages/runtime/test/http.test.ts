import { EventEmitter, once } from 'node:events';
import { Agent, get, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { type HttpServer, listen } from '../src/index.js';

const LONG_MS = 30_000;
const hello = () => new Response('hello');

async function serve(fetch: () => Response | Promise<Response>, port = 0, orAnyPort = false): Promise<HttpServer> {
  const server = await listen(fetch, { host: '127.0.0.1', port, orAnyPort });
  onTestFinished(() => server.close(0));
  return server;
}

function keptAlive(): Agent {
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  return agent;
}

async function ask(port: number, agent: Agent): Promise<IncomingMessage> {
  const asked = get({ host: '127.0.0.1', port, agent });
  const [answer]: IncomingMessage[] = await once(asked, 'response');
  if (!answer) throw new Error('there is an answer');
  return answer;
}

async function textOf(answer: IncomingMessage): Promise<string> {
  return Buffer.concat(await answer.toArray()).toString();
}

/** A handler that stays in a request until it is let go. */
function gate() {
  const signals = new EventEmitter();
  const [entered, opened] = [once(signals, 'entered'), once(signals, 'open')];
  const handler = async () => {
    signals.emit('entered');
    await opened;
    return hello();
  };
  return { handler, entered, open: () => signals.emit('open') };
}

it('takes any free port for 0, and says which', async () => {
  const [one, other] = [await serve(hello), await serve(hello)];
  expect(one.port).toBeGreaterThan(0);
  expect(one.port).not.toBe(other.port);
  expect(await (await fetch(`http://127.0.0.1:${one.port}/`)).text()).toBe('hello');
});

it('refuses a port in use, unless any will do', async () => {
  const first = await serve(hello);
  await expect(serve(hello, first.port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  const second = await serve(() => new Response('second'), first.port, true);
  expect(second.port).not.toBe(first.port);
  expect(await (await fetch(`http://127.0.0.1:${second.port}/`)).text()).toBe('second');
});

it('lets an open request end when it closes, tells its client, and takes no others', async () => {
  const { handler, entered, open } = gate();
  const server = await serve(handler);
  const answered = ask(server.port, keptAlive());
  await entered;
  const closed = server.close(LONG_MS);
  const [refused] = await once(connect(server.port, '127.0.0.1'), 'error');
  expect(refused).toMatchObject({ code: 'ECONNREFUSED' });
  open();
  const answer = await answered;
  expect(answer.headers.connection).toBe('close');
  expect(await textOf(answer)).toBe('hello');
  await closed;
});

it('does not wait for connections that nobody uses', async () => {
  const server = await serve(hello);
  await textOf(await ask(server.port, keptAlive()));
  const silent = connect(server.port, '127.0.0.1');
  await once(silent, 'connect');
  const ended = once(silent, 'close');
  await server.close(LONG_MS);
  await ended;
});

it('does not cut an answer that a slow client still reads', async () => {
  const size = 20_000_000;
  const server = await serve(() => new Response(Buffer.alloc(size, 'a')));
  const answer = await ask(server.port, keptAlive());
  const closed = server.close(LONG_MS);
  expect(await textOf(answer)).toHaveLength(size);
  await closed;
});

it('cuts requests that are still open when the grace is over', async () => {
  const { handler, entered } = gate();
  const server = await serve(handler);
  const asked = request({ host: '127.0.0.1', port: server.port }).end();
  const [, [error]] = await Promise.all([entered.then(() => server.close(0)), once(asked, 'error')]);
  expect(error).toMatchObject({ code: 'ECONNRESET' });
});

it('may be closed twice', async () => {
  const server = await serve(hello);
  await Promise.all([server.close(LONG_MS), server.close(LONG_MS)]);
});
