import { EventEmitter, once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { createLogger, type HttpServer, listen } from '@linkhaul/runtime';
import { Hono } from 'hono';
import { afterEach, describe, expect, it } from 'vitest';
import { streamBytes } from '../src/routes/stream-bytes.js';
import type { AppEnv } from '../src/services.js';

let server: HttpServer;
afterEach(() => server.close(0));

const logger = createLogger('api', 'silent');

/** Serves pieces; `seen` tells when they are asked for, and when they are given up. */
async function serve(pieces: (outgoing: ServerResponse) => AsyncGenerator<Uint8Array>) {
  const seen = new EventEmitter();
  const watched = async function* (outgoing: ServerResponse) {
    seen.emit('asked');
    try {
      yield* pieces(outgoing);
    } finally {
      seen.emit('given up');
    }
  };
  const app = new Hono<AppEnv>().get('/', (c) =>
    streamBytes(c, watched(c.env.outgoing), { headers: {}, trailer: 'x-sum', logger }),
  );
  server = await listen(app.fetch, { host: '127.0.0.1', port: 0 });
  return { url: `http://127.0.0.1:${server.port}`, seen };
}

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield new Uint8Array(1024);
}

describe('bytes that are made while they are sent', () => {
  it('are given up when the client goes in the midst of them', async () => {
    const { url, seen } = await serve(endless);
    const givenUp = once(seen, 'given up');
    const leaving = new AbortController();
    const answer = await fetch(url, { signal: leaving.signal });
    await answer.body?.getReader().read();
    leaving.abort();
    await givenUp;
  });

  it('are given up when the client goes before the first', async () => {
    const { url, seen } = await serve(async function* (outgoing) {
      await once(outgoing, 'close');
      yield* endless();
    });
    const [asked, givenUp] = [once(seen, 'asked'), once(seen, 'given up')];
    const leaving = new AbortController();
    const answer = fetch(url, { signal: leaving.signal });
    await asked;
    leaving.abort();
    await expect(answer).rejects.toThrow('aborted');
    await givenUp;
  });

  it.each([
    ['1.1', /\r\ntrailer: x-sum\r\n.*\r\nx-sum: 7\r\n\r\n$/s],
    ['1.0', /^HTTP\/1\.1 200 (?!.*x-sum).*\r\n\r\nall$/s],
  ])('have what comes behind them where HTTP/%s knows of it, and are whole in any case', async (version, expected) => {
    const { url } = await serve(async function* (outgoing) {
      outgoing.addTrailers({ 'x-sum': '7' });
      yield Buffer.from('all');
    });
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(`GET / HTTP/${version}\r\nhost: a\r\nconnection: close\r\n\r\n`);
    expect(await text(socket)).toMatch(expected);
  });
});
