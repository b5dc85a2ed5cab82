import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createUpstream, type Upstream } from '../../src/index.js';
import { json, serve } from '../service/http-server.js';

type Answer = Parameters<typeof serve>[0];

async function upstreamThat(
  answer: Answer,
  { timeoutMs = 5_000, maxAnswerBytes = 10_000 } = {},
): Promise<Upstream & { seen: Awaited<ReturnType<typeof serve>>['seen'] }> {
  const { baseUrl, seen } = await serve(answer);
  const auth = { login: 'me', password: 'p:w' };
  return {
    ...createUpstream({ url: baseUrl, flavour: 'dataforseo', auth, body: 'array', timeoutMs, maxAnswerBytes }),
    seen,
  };
}

const task = { targets: ['a.com'], tag: 't' };
const GZIP = { 'content-encoding': 'gzip' };
const envelope = (fields: object) => ({ status_code: 20000, status_message: 'Ok.', cost: 0, ...fields });

describe('a call', () => {
  it('is one POST of one task, with basic authorization', async () => {
    const upstream = await upstreamThat((_, response) => json(response, envelope({ tasks: [] })));
    expect(await upstream.call('bulk_backlinks', task)).toMatchObject({ kind: 'answer', httpStatus: 200 });
    const [request] = upstream.seen;
    expect(request?.url.pathname).toBe('/v3/backlinks/bulk_backlinks/live');
    expect(request?.headers.authorization).toBe(`Basic ${Buffer.from('me:p:w').toString('base64')}`);
    expect(JSON.parse(request?.body.toString() ?? '')).toEqual([task]);
    expect(upstream.seen).toHaveLength(1);
  });

  it('reads a compressed answer, the upstream’s clock and how long to wait', async () => {
    const upstream = await upstreamThat((_, response) => {
      const headers = {
        'content-encoding': 'gzip',
        date: 'Sun, 22 Nov 2026 10:00:00 GMT',
        'retry-after': '7',
        'x-linkhaul-simulated': '1',
      };
      response.writeHead(429, headers).end(gzipSync(JSON.stringify(envelope({}))));
    });
    expect(await upstream.call('bulk_backlinks', task)).toMatchObject({
      kind: 'answer',
      httpStatus: 429,
      headers: { date: Date.UTC(2026, 10, 22, 10), retryAfterMs: 7_000, simulated: true },
    });
  });

  it('waits until a date by the clock of the upstream that named it, whatever the time is here', async () => {
    const headers = { date: 'Sun, 22 Nov 2026 10:00:00 GMT', 'retry-after': 'Sun, 22 Nov 2026 10:00:07 GMT' };
    const upstream = await upstreamThat((_, response) => {
      response.writeHead(429, headers).end(JSON.stringify(envelope({})));
    });
    expect(await upstream.call('bulk_backlinks', task)).toMatchObject({ headers: { retryAfterMs: 7_000 } });
  });

  it.each<[string, Answer, object]>([
    ['no JSON', (_, response) => response.end('<html>'), { kind: 'unreadable', ended: true }],
    [
      'an empty body',
      (_, response) => response.writeHead(402).end(),
      { kind: 'unreadable', httpStatus: 402, ended: true },
    ],
    [
      'JSON of another form',
      (_, response) => json(response, { detail: 'x' }, 502),
      { kind: 'unreadable', httpStatus: 502 },
    ],
    [
      'half a body',
      (_, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{"status_code":');
        setImmediate(() => response.destroy());
      },
      { kind: 'unreadable', httpStatus: 200, ended: false },
    ],
    [
      'a connection that breaks',
      (_, response) => response.destroy(),
      { kind: 'unreadable', httpStatus: null, ended: false },
    ],
  ])('answered with %s may have been executed', async (_, answer, reply) => {
    expect(await (await upstreamThat(answer)).call('bulk_backlinks', task)).toMatchObject(reply);
  });

  const whole = envelope({ tasks: [{ id: '1', status_code: 20000, result: null }] });
  const text = JSON.stringify(whole);
  const zipped = gzipSync(text);

  it.each<[string, Answer]>([
    ['a byte order mark', (_, response) => response.end(`\u{feff}${text}`)],
    ['white space behind it', (_, response) => response.end(`${text}\r\n\n`)],
    ['gzip, and no header that says so', (_, response) => response.end(zipped)],
    [
      'gzip without its last bytes',
      (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(zipped.subarray(0, -8)),
    ],
    ['a header that says gzip, and is wrong', (_, response) => response.writeHead(200, GZIP).end(text)],
    [
      'a connection that breaks behind the last byte of the JSON',
      (_, response) => {
        response.writeHead(200, { 'content-length': String(text.length + 2) }).write(text);
        setImmediate(() => response.destroy());
      },
    ],
  ])('answered with %s is answered', async (_, answer) => {
    const reply = await (await upstreamThat(answer)).call('bulk_backlinks', task);
    expect(reply).toMatchObject({ kind: 'answer', envelope: { code: 20000, tasks: [{ id: '1', code: 20000 }] } });
  });

  it.each<[string, Buffer | string, Buffer | null]>([
    ['gzip', zipped, zipped],
    ['gzip in two members', Buffer.concat([gzipSync(text.slice(0, 9)), gzipSync(text.slice(9))]), null],
    ['gzip without its last bytes', zipped.subarray(0, -8), null],
    ['gzip that lies about its length', lying(zipped), null],
    ['gzip with another checksum', Buffer.from(zipped.with(-5, (zipped.at(-5) ?? 0) ^ 1)), null],
    ['gzip with a line end behind it', Buffer.concat([zipped, Buffer.from('\r\n')]), null],
    ['gzip with its name and more in its head, and a line end behind it', withHead(zipped), null],
    ['plain text', text, null],
  ])('answered with %s gives the bytes as they came only where they are whole', async (name, sent, packed) => {
    const upstream = await upstreamThat((_, response) => response.end(sent));
    const expected = name === 'gzip in two members' ? sent : packed;
    const answered = { kind: 'answer', body: expected === null ? Buffer.from(text) : null, packed: expected };
    expect(await upstream.call('bulk_backlinks', task)).toMatchObject(answered);
  });

  it('answered with no JSON keeps the bytes that came', async () => {
    const upstream = await upstreamThat((_, response) => response.writeHead(200, GZIP).end(gzipSync('<html>')));
    expect(await upstream.call('bulk_backlinks', task)).toMatchObject({ body: Buffer.from('<html>'), isCut: false });
  });

  const long = `${text.slice(0, -1)},"more":"${'x'.repeat(100_000)}"}`;
  const endless: Answer = (_, response) => {
    const send = () => {
      while (response.write(long));
    };
    response.on('drain', send);
    send();
  };

  it.each<[string, Answer]>([
    ['too long a body', (_, response) => response.end(long)],
    ['too long a body in gzip', (_, response) => response.end(gzipSync(long))],
    ['a body without end', endless],
  ])('answered with %s keeps its first bytes', async (_, answer) => {
    const upstream = await upstreamThat(answer, { maxAnswerBytes: 1_000 });
    const reply = await upstream.call('bulk_backlinks', task);
    expect(reply).toMatchObject({ kind: 'unreadable', httpStatus: 200, ended: true, isCut: true });
    expect('body' in reply && reply.body?.toString()).toBe(long.slice(0, 1_000));
  });

  it('of many at once has large bodies in turns, and all come', async () => {
    const size = 5 * 1024 * 1024;
    const large = JSON.stringify({ ...whole, more: 'x'.repeat(size) });
    const upstream = await upstreamThat((_, response) => response.end(large), {
      maxAnswerBytes: 2 * size,
      // Sixty megabytes take a busy machine longer than the usual time.
      timeoutMs: 60_000,
    });
    const replies = await Promise.all(Array.from({ length: 12 }, () => upstream.call('bulk_backlinks', task)));
    expect(replies.map(({ kind }) => kind)).toEqual(Array.from({ length: 12 }, () => 'answer'));
  });

  it('that is not answered in time may still be running', async () => {
    const upstream = await upstreamThat(() => undefined, { timeoutMs: 50 });
    expect(await upstream.call('bulk_backlinks', task)).toMatchObject({
      kind: 'unreadable',
      httpStatus: null,
      ended: false,
    });
  });

  it('that could not connect was surely not sent', async () => {
    const upstream = createUpstream({
      url: 'http://127.0.0.1:1',
      flavour: 'dataforseo',
      auth: { token: 'x' },
      body: 'array',
      timeoutMs: 1_000,
      maxAnswerBytes: 10_000,
    });
    expect(await upstream.call('bulk_backlinks', task)).toEqual({ kind: 'unsent', reason: 'ECONNREFUSED' });
  });
});

describe('the record of calls', () => {
  const query = { datetime_from: '2026-11-22 10:00:00 +00:00', datetime_to: '2026-11-22 11:00:00 +00:00' };
  const listed =
    (fields: object, status = 200): Answer =>
    (_, response) =>
      json(response, envelope(fields), status);

  it('is read only from a task that is done, with the length of its page', async () => {
    const entries = [{ id: '1', metadata: { tag: 't' }, cost: -1 }, null];
    const upstream = await upstreamThat(listed({ tasks: [{ status_code: 20000, result: entries }] }));
    expect(await upstream.idList(query)).toMatchObject({
      kind: 'entries',
      length: 2,
      entries: [{ id: '1', cost: null }],
    });
    const empty = await upstreamThat(listed({ tasks: [{ status_code: 20000, result: null }] }));
    expect(await empty.idList(query)).toMatchObject({ kind: 'entries', length: 0, entries: [] });
  });

  it.each<[string, Answer]>([
    ['an envelope without a task', listed({ tasks: [] })],
    ['an HTTP 500 that says ok', listed({ tasks: [{ status_code: 20000, result: null }] }, 500)],
    ['too many look-ups', listed({ status_code: 40202, tasks: null })],
    ['a broken connection', (_, response) => response.destroy()],
  ])('proves nothing by %s', async (_, answer) => {
    expect(await (await upstreamThat(answer)).idList(query)).toMatchObject({ kind: 'failed' });
  });

  it('may not be there at all', async () => {
    const upstream = await upstreamThat((_, response) => json(response, { status_code: 40400 }, 404));
    expect(await upstream.idList(query)).toEqual({ kind: 'no_record' });
  });
});

describe('the account', () => {
  const told = (fields: object, status = 200) =>
    upstreamThat((_, response) => json(response, envelope(fields), status));

  it('is one GET without a body, and says how much money is left', async () => {
    const result = [{ login: 'me', money: { balance: 12.345678 } }];
    const upstream = await told({ tasks: [{ status_code: 20000, result }] });
    expect(await upstream.account()).toEqual({
      kind: 'account',
      balance: 12_345_678_000,
      prices: {},
      simulated: false,
      origin: null,
    });
    const [request] = upstream.seen;
    expect(request).toMatchObject({ method: 'GET', url: { pathname: '/v3/appendix/user_data' } });
    expect(request?.headers.authorization).toMatch(/^Basic /);
    expect(request?.body).toHaveLength(0);
  });

  it('may not say how much', async () => {
    const upstream = await told({ tasks: [{ status_code: 20000, result: [{ money: null }] }] });
    expect(await upstream.account()).toMatchObject({ kind: 'account', balance: null, prices: {} });
  });

  it.each([
    ['refused credentials', { status_code: 40100, tasks: null }, 401],
    ['a blocked account', { status_code: 40201, tasks: null }, 200],
    ['an empty answer', { tasks: [] }, 200],
  ])('is not good by %s', async (_, fields, status) => {
    expect(await (await told(fields, status)).account()).toMatchObject({ kind: 'failed', ended: true });
  });

  it('may not be there to be asked, by this provider or this server', async () => {
    const upstream = await upstreamThat((_, response) => response.writeHead(404).end('<html>'));
    expect(await upstream.account()).toEqual({ kind: 'no_account' });
    const { baseUrl, seen } = await serve((_, response) => json(response, {}));
    const aisa = createUpstream({
      url: baseUrl,
      flavour: 'aisa',
      auth: { token: 'x' },
      body: 'array',
      timeoutMs: 1_000,
      maxAnswerBytes: 10_000,
    });
    expect(await aisa.account()).toEqual({ kind: 'no_account' });
    expect(seen).toHaveLength(0);
  });
});

/** Its last four bytes say that it holds four gigabytes. */
/** All that a gzip file's head may have by RFC 1952: more fields, a name, a comment and a checksum of the head. */
function withHead(zipped: Buffer): Buffer {
  const flags = 2 + 4 + 8 + 16;
  const more = Buffer.from('\x03\0abcname\0comment\0\x01\x02', 'latin1');
  return Buffer.concat([zipped.subarray(0, 10).with(3, flags), more, zipped.subarray(10), Buffer.from('\n')]);
}

function lying(zipped: Buffer): Buffer {
  return Buffer.concat([zipped.subarray(0, -4), Buffer.of(0xff, 0xff, 0xff, 0xff)]);
}
