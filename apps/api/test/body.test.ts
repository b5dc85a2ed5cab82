import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { readBody } from '../src/request/body.js';

/** Short enough to be taken from the socket whole before anybody reads it. */
const BODY = 'a'.repeat(4096);

/** A request whose body has come whole and is not read yet, and the client's end of the connection. */
async function request() {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const arrived = new Promise<IncomingMessage>((resolve) => server.once('request', resolve));
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const client = connect(address.port, '127.0.0.1');
  client.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`);
  const incoming = await arrived;
  await expect.poll(() => incoming.complete).toBe(true);
  return { incoming, client };
}

it('a body is read whole', async () => {
  const { incoming } = await request();
  expect(await text(readBody(incoming))).toBe(BODY);
});

it('a client that has sent all, and leaves before all is read, is not waited for', async () => {
  const { incoming, client } = await request();
  client.destroy();
  await expect(once(incoming, 'close')).rejects.toThrow('aborted');
  await expect(readBody(incoming).next()).rejects.toMatchObject({ code: 'body_incomplete' });
});
