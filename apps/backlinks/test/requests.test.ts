import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { MAX_BODY_BYTES } from '@linkhaul/runtime';
import { upstreamEnvelope } from '@linkhaul/schemas';
import { describe, expect, test } from 'vitest';
import { serveAllTests } from './serve-tests.js';
import { AUTHORIZATION, call, startServer } from './support.js';

const PATH = '/v3/backlinks/bulk_backlinks/live';

const server = serveAllTests();

async function envelopeFor(body: unknown, path = PATH) {
  const answer = await server.post(path, body);
  return { http: answer.status, ...upstreamEnvelope.parse(await answer.json()) };
}

describe('authorization', () => {
  test.each([
    ['none', {}],
    ['a wrong password', { authorization: `Basic ${btoa('local:wrong')}` }],
    ['another scheme', { authorization: 'Bearer secret' }],
  ])('%s is 401 with an envelope', async (_name, headers) => {
    const answer = await fetch(server.url + PATH, { method: 'POST', headers: { ...headers }, body: '[]' });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Basic realm="DataForSEO REST API"');
    expect(await answer.json()).toMatchObject({ status_code: 40100, tasks_count: 0, tasks: null, cost: 0 });
  });
});

test('the scheme of the authorization may be in any case', async () => {
  const authorization = AUTHORIZATION.replace('Basic', 'basic');
  const answer = await server.post(PATH, [{ targets: ['forbes.com'] }], { headers: { authorization } });
  expect([answer.status, await answer.json()]).toMatchObject([200, { tasks_error: 0 }]);
});

describe('the body', () => {
  test.each([
    ['nothing', '', 40502],
    ['an empty array', '[]', 40502],
    ['an empty map', '{}', 40502],
    ['not JSON', '[{', 40503],
    ['a bare object', '{"targets":["forbes.com"]}', 40503],
    ['an array of numbers', '[1]', 40503],
    ['a text', '"forbes.com"', 40503],
    ['only spaces', ' \n ', 40502],
    ['null', 'null', 40503],
    ['an array of null', '[null]', 40503],
    ['an array of arrays', '[[]]', 40503],
    ['a map of which one key is no number', '{"0":{"targets":["forbes.com"]},"tag":{}}', 40503],
    [
      'bytes that are not UTF-8',
      new Uint8Array([...Buffer.from('[{"targets":["'), 0xff, 0xfe, ...Buffer.from('"]}]')]),
      40503,
    ],
    ['what is nested without end', `[{"targets":${'['.repeat(200_000)}${']'.repeat(200_000)}}]`, 40503],
    ['more tasks than a hundred', JSON.stringify(Array.from({ length: 101 }, () => ({ targets: ['cnn.com'] }))), 40006],
    ['more bytes than there may be', `[{"targets":["${'x'.repeat(MAX_BODY_BYTES)}"]}]`, 40503],
  ])('%s is refused as a whole', async (_name, body, code) => {
    expect(await envelopeFor(body)).toMatchObject({
      http: 200,
      status_code: code,
      tasks_count: 0,
      tasks: null,
      cost: 0,
    });
  });

  test('a map with numeric keys is an array', async () => {
    const envelope = await envelopeFor({ 0: { targets: ['forbes.com'] } });
    expect(envelope.tasks?.[0]).toMatchObject({ status_code: 20000, result_count: 1 });
  });

  test('may be gzip, and a broken gzip is refused', async () => {
    const zipped = new Uint8Array(gzipSync(JSON.stringify([{ targets: ['forbes.com'] }])));
    const headers = { 'content-encoding': 'gzip' };
    expect(await (await server.post(PATH, zipped, { headers })).json()).toMatchObject({
      tasks_error: 0,
      tasks_count: 1,
    });
    const cut = await server.post(PATH, zipped.slice(0, 20), { headers });
    expect(await cut.json()).toMatchObject({ status_code: 40503 });
  });

  test.each([
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['GZIP', gzipSync],
    // As the vendor's Python example sends it.
    ['gzip', (text: string) => Buffer.from(text)],
  ])('may be %s', async (encoding, compress) => {
    const body = new Uint8Array(compress(JSON.stringify([{ targets: ['forbes.com'] }])));
    const answer = await server.post(PATH, body, { headers: { 'content-encoding': encoding } });
    expect(await answer.json()).toMatchObject({ status_code: 20000, tasks_error: 0 });
  });

  test.each([
    ['a bomb', 'gzip', gzipSync(Buffer.alloc(MAX_BODY_BYTES + 1, ' '))],
    ['half of what is gzip', 'gzip', gzipSync('[{}]').subarray(0, 12)],
    ['an unknown encoding', 'zstd', Buffer.from('[{}]')],
    ['one encoding on another', 'gzip, gzip', gzipSync(gzipSync('[{}]'))],
  ])('%s is refused', async (_name, encoding, bytes) => {
    const answer = await server.post(PATH, new Uint8Array(bytes), { headers: { 'content-encoding': encoding } });
    expect([answer.status, await answer.json()]).toMatchObject([200, { status_code: 40503, tasks: null, cost: 0 }]);
  });

  test('is counted where its length is not declared', async () => {
    const piece = new Uint8Array(1024 * 1024).fill(0x20);
    const of = (pieces: number, last: string) =>
      new ReadableStream({
        start: (controller) => {
          for (let i = 0; i < pieces; i++) controller.enqueue(piece);
          controller.enqueue(new TextEncoder().encode(last));
          controller.close();
        },
      });
    const post = async (body: ReadableStream) => {
      const init = { method: 'POST', body, duplex: 'half' as const, headers: { authorization: AUTHORIZATION } };
      return upstreamEnvelope.parse(await (await fetch(server.url + PATH, init)).json());
    };
    expect(await post(of(1, '[{"targets":["forbes.com"]}]'))).toMatchObject({ status_code: 20000, tasks_error: 0 });
    expect(await post(of(MAX_BODY_BYTES / piece.length, '[{"targets":["forbes.com"]}]'))).toMatchObject({
      status_code: 40503,
      tasks: null,
    });
  });

  test('keeps a name like that of a prototype, and judges it as any other', async () => {
    const text = '{"targets":["forbes.com"],"__proto__":{"tag":"x"},"constructor":1}';
    const answer = await server.post(PATH, `[${text}]`);
    const body = await answer.text();
    expect(JSON.parse(body)).toMatchObject({
      tasks: [{ status_code: 40506, status_message: 'Unknown Fields in POST Data: __proto__, constructor' }],
    });
    expect(body).toContain(text.slice(1, -1));
  });

  test('only its first task runs', async () => {
    const envelope = await envelopeFor([
      { targets: ['forbes.com'] },
      { targets: ['cnn.com'] },
      { targets: ['cnn.com'] },
    ]);
    expect(envelope).toMatchObject({ status_code: 20000, tasks_count: 3, tasks_error: 2, cost: 0.024036 });
    expect(envelope.tasks?.map((task) => task?.status_code)).toEqual([20000, 40000, 40000]);
    expect(envelope.tasks?.[1]).toMatchObject({ cost: 0, result: null, data: { targets: ['cnn.com'] } });
  });
});

describe('the answer', () => {
  test('echoes the request, says that it is simulated and is gzip where that is accepted', async () => {
    const task = { targets: Array.from({ length: 50 }, (_, i) => `unknown-${i}.com`), tag: 'a tag' };
    const answer = await server.post(PATH, [task]);
    expect(answer.headers.get('x-linkhaul-simulated')).toBe('1');
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(Date.parse(answer.headers.get('date') ?? '')).not.toBeNaN();
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    const envelope = upstreamEnvelope.parse(await answer.json());
    expect(envelope.version).toMatch(/^0\.1\.\d{8}$/);
    expect(envelope.time).toMatch(/^[\d.]+ sec\.$/);
    expect(envelope.tasks?.[0]).toMatchObject({
      id: expect.stringMatching(/^\d{8}-1535-0348-0000-[0-9a-f]{12}$/),
      path: ['v3', 'backlinks', 'bulk_backlinks', 'live'],
      data: { api: 'backlinks', function: 'bulk_backlinks', ...task },
      result_count: 1,
    });
  });

  test('is plain where gzip is not accepted', async () => {
    const answer = await server.post(PATH, [{ targets: ['forbes.com'] }], {
      headers: { 'accept-encoding': 'identity' },
    });
    expect(answer.headers.get('content-encoding')).toBeNull();
  });

  test('costs one fee and one price a row', async () => {
    const targets = Array.from({ length: 1000 }, (_, i) => `https://unknown-${i}.com/`);
    const envelope = await call(server, 'bulk_backlinks', { targets });
    expect(envelope).toMatchObject({ cost: 0.06, tasks: [{ cost: 0.06 }] });
  });

  test('unknown paths are 404, whatever the method', async () => {
    for (const [method, path] of [
      ['GET', PATH],
      ['PUT', PATH],
      ['DELETE', PATH],
      ['POST', '/v3/appendix/user_data'],
      ['GET', '/v3/backlinks/errors'],
      ['POST', '/v3/backlinks/nothing/live'],
      ['GET', '/elsewhere'],
    ]) {
      const answer = await fetch(server.url + path, {
        ...(method && { method }),
        headers: { authorization: AUTHORIZATION },
      });
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ status_code: 40400, tasks: null });
    }
  });

  test('bears the rate in its headers where that is set', async () => {
    expect((await server.post(PATH, [])).headers.get('x-ratelimit-limit')).toBeNull();
    const telling = await startServer(server.graph, { settings: { rate_headers: true, max_per_minute: 2 } });
    const left = async () => {
      const { headers } = await telling.post(PATH, [{ targets: ['forbes.com'] }]);
      return [headers.get('x-ratelimit-limit'), headers.get('x-ratelimit-remaining')];
    };
    expect([await left(), await left(), await left()]).toEqual([
      ['2', '1'],
      ['2', '0'],
      ['2', '0'],
    ]);
    await telling.stop();
  });
});

describe('a task that is refused costs nothing', () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => `unknown-${i}.com`);
  const numbered = (count: number) => Object.fromEntries(many(count).map((target, at) => [at + 1, target]));
  test.each([
    ['bulk_backlinks', { targets: many(1001) }, 40501, "Invalid Field: 'targets'."],
    ['bulk_backlinks', { targets: [] }, 40501, "Invalid Field: 'targets'."],
    ['bulk_backlinks', {}, 40501, "Invalid Field: 'targets'."],
    ['bulk_backlinks', { targets: ['example.notatld'] }, 40501, "Invalid Field: 'targets'."],
    ['bulk_backlinks', { targets: ['two words.com'] }, 40501, "Invalid Field: 'targets'."],
    ['bulk_backlinks', { targets: ['forbes.com/path'] }, 40501, "Invalid Field: 'targets'."],
    ['bulk_backlinks', { targets: ['forbes.com'], tag: 'x'.repeat(256) }, 40501, "Invalid Field: 'tag'."],
    ['bulk_backlinks', { targets: ['forbes.com'], tag: 7 }, 40501, "Invalid Field: 'tag'."],
    ['bulk_backlinks', { targets: 'forbes.com' }, 40501, "Invalid Field: 'targets'."],
    ['bulk_backlinks', { targets: ['forbes.com', null] }, 40501, "Invalid Field: 'targets'."],
    [
      'bulk_new_lost_backlinks',
      { targets: ['forbes.com'], date_from: '2019-01-01' },
      40501,
      "Invalid Field: 'date_from'.",
    ],
    [
      'bulk_ranks',
      { targets: ['forbes.com'], date_from: '2019-01-01' },
      40506,
      'Unknown Fields in POST Data: date_from',
    ],
    ['bulk_backlinks', { targets: ['forbes.com'], limit: 1 }, 40506, 'Unknown Fields in POST Data: limit'],
    ['bulk_pages_summary', { targets: many(101) }, 40501, "Invalid Field: 'targets'."],
    ['bulk_pages_summary', { targets: ['a.com'], rank_scale: 'ten' }, 40501, "Invalid Field: 'rank_scale'."],
    ['domain_pages', { target: 'https://forbes.com/' }, 40501, "Invalid Field: 'target'."],
    ['domain_pages', { target: 'forbes.com', limit: 1001 }, 40501, "Invalid Field: 'limit'."],
    ['domain_pages', { target: 'forbes.com', offset: -1 }, 40501, "Invalid Field: 'offset'."],
    ['domain_pages', { target: 'forbes.com', order_by: ['nothing,desc'] }, 40501, "Invalid Field: 'order_by'."],
    [
      'domain_pages',
      { target: 'forbes.com', include_indirect_links: true },
      40506,
      'Unknown Fields in POST Data: include_indirect_links',
    ],
    ['backlinks', { target: 'forbes.com', offset: 20_001 }, 40501, "Invalid Field: 'offset'."],
    ['backlinks', { target: 'forbes.com', mode: 'one' }, 40501, "Invalid Field: 'mode'."],
    [
      'backlinks',
      { target: 'forbes.com', custom_mode: { field: 'domain', value: 1 } },
      40501,
      "Invalid Field: 'custom_mode'.",
    ],
    ['backlinks', { target: 'forbes.com', search_after_token: 'x' }, 40501, "Invalid Field: 'search_after_token'."],
    [
      'backlinks',
      { target: 'forbes.com', internal_list_limit: 5 },
      40506,
      'Unknown Fields in POST Data: internal_list_limit',
    ],
    ['competitors', { target: 'forbes.com', main_domain: 'yes' }, 40501, "Invalid Field: 'main_domain'."],
    ['competitors', { target: 'forbes.com', order_by: ['backlinks,desc'] }, 40501, "Invalid Field: 'order_by'."],
    [
      'competitors',
      { target: 'forbes.com', include_subdomains: true },
      40506,
      'Unknown Fields in POST Data: include_subdomains',
    ],
    ['domain_intersection', { targets: {} }, 40501, "Invalid Field: 'targets'."],
    ['domain_intersection', { targets: ['forbes.com'] }, 40501, "Invalid Field: 'targets'."],
    ['domain_intersection', { targets: numbered(21) }, 40501, "Invalid Field: 'targets'."],
    ['domain_intersection', { targets: { 1: 'nowhere' } }, 40501, "Invalid Field: 'targets'."],
    [
      'domain_intersection',
      { targets: numbered(2), exclude_targets: many(11) },
      40501,
      "Invalid Field: 'exclude_targets'.",
    ],
    [
      'domain_intersection',
      { targets: numbered(2), order_by: ['backlinks,desc'] },
      40501,
      "Invalid Field: 'order_by'.",
    ],
    ['domain_intersection', { targets: numbered(2), filters: ['3.rank', '>', 1] }, 40501, "Invalid Field: 'filters'."],
    [
      'page_intersection',
      { targets: numbered(2), backlinks_filters: ['dofollow', '=', true] },
      40506,
      'Unknown Fields in POST Data: backlinks_filters',
    ],
    ['history', { target: 'https://forbes.com/' }, 40501, "Invalid Field: 'target'."],
    ['history', { target: 'forbes.com', date_from: '2018-12-31' }, 40501, "Invalid Field: 'date_from'."],
    ['history', { target: 'forbes.com', date_to: '2999-01-01' }, 40501, "Invalid Field: 'date_to'."],
    ['history', { target: 'forbes.com', limit: 5 }, 40506, 'Unknown Fields in POST Data: limit'],
    ['timeseries_summary', { target: 'forbes.com', date_from: '2019-01-29' }, 40501, "Invalid Field: 'date_from'."],
    [
      'timeseries_summary',
      { target: 'forbes.com', date_from: '2024-01-02', date_to: '2024-01-01' },
      40501,
      "Invalid Field: 'date_from'.",
    ],
    ['timeseries_summary', { target: 'forbes.com', group_range: 'hour' }, 40501, "Invalid Field: 'group_range'."],
    [
      'timeseries_new_lost_summary',
      { target: 'forbes.com', rank_scale: 'one_hundred' },
      40506,
      'Unknown Fields in POST Data: rank_scale',
    ],
    ['referring_domains', { target: 'nowhere' }, 40501, "Invalid Field: 'target'."],
  ])('%s %j', async (name, task, ...[code, message]) => {
    const envelope = await call(server, name, task);
    expect(envelope).toMatchObject({ status_code: 20000, tasks_count: 1, tasks_error: 1, cost: 0 });
    expect(envelope.tasks?.[0]).toMatchObject({
      status_code: code,
      status_message: message,
      cost: 0,
      result_count: 0,
      result: null,
      data: { api: 'backlinks', function: name, ...task },
    });
  });

  test('a hundred domains with their subdomains and pages are within the cap', async () => {
    const targets = many(100).flatMap((domain) => [domain, `docs.${domain}`, `https://www.${domain}/`]);
    expect(await call(server, 'bulk_pages_summary', { targets })).toMatchObject({ tasks_error: 0 });
  });
});
