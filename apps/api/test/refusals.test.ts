import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ask, postJson, postText, problemOf, sendHalf } from './http.js';
import { createStarter, type Service } from './service.js';

const starter = createStarter();
let service: Service;

beforeAll(async () => {
  service = await starter.start();
});
afterAll(starter.closeAll);
// Nothing half-made stays behind, and a client's mistake is no error of ours.
afterEach(async () => {
  expect(await service.leftovers()).toEqual([]);
  expect(service.errors).not.toHaveBeenCalled();
});

const JSON_TYPE = { 'Content-Type': 'application/json' };
const TEXT_TYPE = { 'Content-Type': 'text/plain' };
const LIST = '/v1/jobs?endpoint=bulk_backlinks';

interface Case {
  readonly body: string | Uint8Array;
  readonly code: string;
  readonly pointer?: string;
  readonly says?: RegExp;
}

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

const inJson: Record<string, Case> = {
  'a comma too many': { body: '{"targets": ["a.com",, ', code: 'invalid_json', pointer: '/targets/2', says: /byte 21/ },
  'no object': { body: '[1', code: 'invalid_json' },
  'a raw control character': { body: '{"tag": "a\0', code: 'invalid_json', pointer: '/tag' },
  'bytes that are not UTF-8': { body: bytes('{"tag": "é', [0xff]), code: 'invalid_encoding', says: /Byte 11 / },
  'a field that does not exist': { body: '{"tagg"', code: 'invalid_request', pointer: '/tagg', says: /`tag`/ },
  'an endless retention': { body: '{"retention_days": 9999,', code: 'invalid_request', pointer: '/retention_days' },
  'a budget below nothing': { body: '{"max_cost_usd": -1,', code: 'invalid_request', pointer: '/max_cost_usd' },
  'an absurd budget': { body: '{"max_cost_usd": 1e9,', code: 'invalid_request', pointer: '/max_cost_usd' },
  'a field twice': { body: '{"tag": "a", "tag"', code: 'invalid_request', pointer: '/tag', says: /twice/ },
  'a name twice further in': { body: '{"metadata": {"a": "1", "a"', code: 'invalid_request', pointer: '/metadata/a' },
  'a prototype as a field': { body: '{"__proto__"', code: 'invalid_request', pointer: '/__proto__' },
  'a prototype in metadata': {
    body: '{"metadata": {"__proto__"',
    code: 'invalid_request',
    pointer: '/metadata/__proto__',
  },
  'an endpoint that is none': { body: '{"endpoint": "bulk", ', code: 'invalid_request', pointer: '/endpoint' },
  'a number beyond all': { body: '{"expect_rows": 1e999, ', code: 'invalid_request', pointer: '/expect_rows' },
  'a parameter past its cap': {
    body: '{"endpoint": "domain_pages", "params": {"internal_list_limit": 1001}, ',
    code: 'invalid_request',
    pointer: '/params/internal_list_limit',
  },
  'a misspelt parameter, endpoint last': {
    body: '{"params": {"rank_scal": "one_hundred"}, "endpoint": "bulk_pages_summary", ',
    code: 'invalid_request',
    pointer: '/params/rank_scal',
    says: /`rank_scale`/,
  },
  'a parameter of ours': {
    body: '{"endpoint": "domain_pages", "params": {"offset": 1}, ',
    code: 'invalid_request',
    pointer: '/params/offset',
  },
  'targets that are an object': { body: '{"targets": {', code: 'invalid_request', pointer: '/targets' },
  'targets that are null': { body: '{"targets": null ', code: 'invalid_request', pointer: '/targets' },
  'a target with more': {
    body: '{"targets": ["a.com", {"target": "b.com", "x": 1}, ',
    code: 'invalid_request',
    pointer: '/targets/1/x',
  },
  'deep nesting': { body: `{"params": {"a/b": ${'['.repeat(40)}`, code: 'invalid_request', says: /a~1b.*32 levels/ },
  'a string without end': { body: `{"tag": "${'a'.repeat(70_000)}`, code: 'body_too_large', pointer: '/tag' },
  'a target without end': {
    body: `{"targets": ["a.com", "${'a'.repeat(210_000)}`,
    code: 'invalid_request',
    pointer: '/targets/1',
  },
  'a target of many small parts': {
    body: `{"targets": ["a.com", {"target": [${'1,'.repeat(110_000)}`,
    code: 'invalid_request',
    says: /^\/targets\/1\/target\/\d+: is longer/,
  },
  'more rows than expected': {
    body: '{"expect_rows": 1, "targets": ["a.com", "b.com", ',
    code: 'invalid_request',
    pointer: '/expect_rows',
  },
  'credentials in the webhook': {
    body: '{"webhook": {"url": "https://u:p@a.com"},',
    code: 'invalid_request',
    pointer: '/webhook/url',
  },
  'another scheme of webhook': {
    body: '{"webhook": {"url": "ftp://a.com"},',
    code: 'invalid_request',
    pointer: '/webhook/url',
  },
  "an event that is no job's": {
    body: '{"webhook": {"url": "https://a.com", "events": ["job.completed", "account.paused"]},',
    code: 'invalid_request',
    pointer: '/webhook/events/1',
  },
  'too much metadata': {
    body: `{"metadata": {"k": "${'v'.repeat(513)}"}, `,
    code: 'invalid_request',
    pointer: '/metadata/k',
  },
  'a tag with a line feed': { body: '{"tag": "a\\nb", ', code: 'invalid_request', pointer: '/tag' },
};

describe('what is wrong in JSON is said at the byte that shows it, though the body goes on', () => {
  it.each(Object.entries(inJson))('%s', async (_, { body, code, pointer, says }) => {
    const answer = await sendHalf({ port: service.port, path: '/v1/jobs', headers: JSON_TYPE, body });
    const { errors = [], detail } = problemOf(answer, code);
    if (pointer !== undefined) expect(errors[0]?.pointer).toBe(pointer);
    if (says !== undefined) expect(detail).toMatch(says);
  });
});

interface TextCase extends Omit<Case, 'pointer'> {
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly line?: number;
  readonly pointer?: string;
}

const inText: Record<string, TextCase> = {
  'bytes that are not UTF-8': { body: bytes('a.com\r\n\nb\n', [0xc3, 0x28]), code: 'invalid_encoding', line: 4 },
  'a line over 64 KiB': { body: `a.com\n\n${'x'.repeat(65_537)}`, code: 'invalid_request', line: 3 },
  'what is not gzip': { body: 'hello world', headers: { 'Content-Encoding': 'gzip' }, code: 'invalid_compression' },
  'another encoding': { body: 'x', headers: { 'Content-Encoding': 'br' }, code: 'unsupported_media_type' },
  'another charset': {
    body: 'x',
    headers: { 'Content-Type': 'text/plain; charset=shift_jis' },
    code: 'unsupported_media_type',
  },
  'another type': { body: 'x', headers: { 'Content-Type': 'image/png' }, code: 'unsupported_media_type', says: /-H/ },
  'a form of a CSV list beside text': {
    body: 'x',
    path: `${LIST}&column=1`,
    code: 'invalid_request',
    pointer: 'column',
  },
  'a row more than expected': {
    body: 'a.com\nb.com\n',
    path: `${LIST}&expect_rows=1`,
    code: 'invalid_request',
    pointer: 'expect_rows',
  },
  'a misspelt parameter': { body: 'a', path: `${LIST}&tagg=1`, code: 'invalid_request', pointer: 'tagg' },
  'a parameter twice': { body: 'a', path: `${LIST}&tag=1&tag=2`, code: 'invalid_request', pointer: 'tag' },
  'a parameter that is not UTF-8': { body: 'a', path: `${LIST}&tag=%FF`, code: 'invalid_request', pointer: 'tag' },
  'a parameter that is not JSON': { body: 'a', path: `${LIST}&params=x`, code: 'invalid_request', pointer: 'params' },
  'an endpoint parameter': {
    body: 'a',
    path: `${LIST}&params=%7B%22a%22%3A1%7D`,
    code: 'invalid_request',
    pointer: 'params/a',
  },
  'a prototype in the query': {
    body: 'a',
    path: `${LIST}&metadata=%7B%22__proto__%22%3A%221%22%7D`,
    code: 'invalid_request',
    pointer: 'metadata/__proto__',
  },
  'a wait that is too long': { body: 'a', path: `${LIST}&wait_ms=50001`, code: 'invalid_request', pointer: 'wait_ms' },
  'a page of another origin': { body: 'a', headers: { Origin: 'http://evil.example' }, code: 'forbidden_origin' },
  'a name that was made to point here': { body: 'a', headers: { Host: 'evil.example' }, code: 'forbidden_origin' },
  'a thousand invalid lines': {
    body: 'bad\n'.repeat(1000),
    path: `${LIST}&on_invalid=reject`,
    code: 'invalid_rows',
    line: 1,
  },
};

describe('what is wrong around a list is said while it still comes', () => {
  it.each(Object.entries(inText))('%s', async (_, { body, path = LIST, headers, code, line, pointer, says }) => {
    const answer = await sendHalf({ port: service.port, path, headers: { ...TEXT_TYPE, ...headers }, body });
    const { errors = [], detail } = problemOf(answer, code);
    if (line !== undefined) expect(errors[0]?.line).toBe(line);
    if (pointer !== undefined) expect(errors[0]?.pointer).toBe(pointer);
    if (says !== undefined) expect(detail).toMatch(says);
    expect(errors.length).toBeLessThanOrEqual(1000);
  });
});

const inLists: Record<string, TextCase> = {
  'text behind a quote': { body: `a.com\n"b"x\n`, code: 'invalid_request', line: 2 },
  'a header without the column': {
    body: 'x\n'.repeat(100),
    path: `${LIST}&column=y`,
    code: 'invalid_request',
    line: 1,
  },
  'a name of a column where there is no header': {
    body: 'x',
    path: `${LIST}&column=x&header=false`,
    code: 'invalid_request',
    pointer: 'column',
  },
  'a misspelt parameter': { body: 'a', path: `${LIST}&colum=1`, code: 'invalid_request', pointer: 'colum' },
  'a line that is not JSON': {
    body: '"a.com"\na.com\n',
    headers: { 'Content-Type': 'application/x-ndjson' },
    code: 'invalid_json',
    line: 2,
  },
  'a thousand invalid lines': {
    body: 'x\n'.repeat(1001),
    path: `${LIST}&on_invalid=reject`,
    code: 'invalid_rows',
    line: 2,
  },
};

describe('what is wrong in CSV and NDJSON is said while it still comes', () => {
  it.each(Object.entries(inLists))('%s', async (_, { body, path = LIST, headers, code, line, pointer }) => {
    const all = { 'Content-Type': 'text/csv', ...headers };
    const { errors = [] } = problemOf(await sendHalf({ port: service.port, path, headers: all, body }), code);
    if (line !== undefined) expect(errors[0]?.line).toBe(line);
    if (pointer !== undefined) expect(errors[0]?.pointer).toBe(pointer);
    expect(errors.length).toBeLessThanOrEqual(1000);
  });
});

describe('what only the end of a body shows', () => {
  const url = () => `${service.url}${LIST}`;

  it('a gzip stream that is cut in half', async () => {
    const whole = gzipSync('example.com\n'.repeat(5000));
    const half = new Uint8Array(whole.subarray(0, whole.length / 2));
    problemOf(await postText(url(), half, { 'content-encoding': 'gzip' }), 'invalid_compression');
  });

  it('a character that is cut in half', async () => {
    const answer = await postText(url(), new Uint8Array([0x61, 0x0a, 0xc3]));
    expect(problemOf(answer, 'invalid_encoding').errors?.[0]?.line).toBe(2);
  });

  it('an empty list', async () => {
    problemOf(await postText(url(), '\r\n\n  \n'), 'invalid_request');
    const answer = await postJson(`${service.url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets: [] });
    expect(problemOf(answer, 'invalid_request').errors?.[0]?.pointer).toBe('/targets');
  });

  it('a JSON body that is empty, cut or followed by more', async () => {
    for (const body of ['', '{"targets": ["a.com"]', '{"endpoint":"bulk_backlinks","targets":["a.com"]} x']) {
      problemOf(await postJson(`${service.url}/v1/jobs`, body), 'invalid_json');
    }
  });

  it('fields that are missing', async () => {
    const answer = await postJson(`${service.url}/v1/jobs`, { targets: ['a.com'] });
    expect(problemOf(answer, 'invalid_request').errors).toEqual([
      { pointer: '/endpoint', code: 'invalid', message: 'is required' },
    ]);
  });

  it('another number of rows', async () => {
    const answer = await postText(`${url()}&expect_rows=3`, 'a.com\n\nb.com');
    expect(problemOf(answer, 'invalid_request').detail).toMatch(/^2 rows came, 3/);
  });

  it('one target more than a JSON body may have', async () => {
    const targets = Array.from({ length: 100_001 }, () => 'a.com');
    problemOf(await postJson(`${service.url}/v1/jobs`, { endpoint: 'bulk_backlinks', targets }), 'body_too_large');
  });

  it('more calls than a job can have', async () => {
    const body = { endpoint: 'domain_pages', max_items_per_target: Number.MAX_SAFE_INTEGER, targets: ['a.com'] };
    const answer = await postJson(`${service.url}/v1/jobs`, body);
    expect(problemOf(answer, 'invalid_request').errors?.[0]?.pointer).toBe('/max_items_per_target');
  });
});

describe('what this version does not have is refused by name', () => {
  it('other methods and paths', async () => {
    const answer = await ask(`${service.url}/v1/jobs`, { method: 'PUT' });
    problemOf(answer, 'method_not_allowed');
    expect(answer.headers.get('allow')).toBe('POST, GET');
    problemOf(await ask(`${service.url}/v1/nothing`), 'not_found');
  });
});
