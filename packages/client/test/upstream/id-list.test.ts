import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { nanosOf, type RecordEntry, readRecordEntry } from '@linkhaul/schemas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tries } from '../../../../e2e/env.js';
import { createUpstream } from '../../src/index.js';
import { json, serve } from '../service/http-server.js';

type Answer = Parameters<typeof serve>[0];

const query = { datetime_from: '2026-11-22 10:00:00 +00:00', datetime_to: '2026-11-22 11:00:00 +00:00' };

async function upstreamThat(answer: Answer, timeoutMs = 60_000) {
  const { baseUrl } = await serve(answer);
  return createUpstream({
    url: baseUrl,
    flavour: 'dataforseo',
    auth: { login: 'me', password: 'pw' },
    body: 'array',
    timeoutMs,
    maxAnswerBytes: 10_000,
  });
}

function pageOf(result: unknown): string {
  return JSON.stringify({ status_code: 20000, tasks: [{ id: 't', status_code: 20000, result_count: 1, result }] });
}

/** As the upstream echoes a call: all of its task. */
function entryOf(number: number, targets: number) {
  return {
    id: `id-${number}`,
    url: 'https://api/v3/backlinks/bulk_backlinks/live',
    datetime_posted: '2026-11-22 10:00:00 +00:00',
    datetime_done: '2026-11-22 10:00:01 +00:00',
    status: '20000',
    cost: 0.02 + number / 1e9,
    metadata: {
      api: 'backlinks',
      targets: Array.from({ length: targets }, (_, at) => `https://a-name-of-some-length-${number}-${at}.example/page`),
      tag: `job.${number}.1`,
    },
  };
}

/** Of an entry only this is kept. */
function kept({ id, cost, metadata: { tag } }: ReturnType<typeof entryOf>): RecordEntry {
  const postedAt = Date.UTC(2026, 10, 22, 10);
  const doneAt = postedAt + 1000;
  return { id, tag, asked: null, endpoint: 'bulk_backlinks', postedAt, doneAt, cost: nanosOf(cost) };
}

async function inPieces(response: ServerResponse, body: Buffer, cuts: readonly number[]): Promise<void> {
  let from = 0;
  for (const to of [...cuts.filter((cut) => cut < body.length).sort((a, b) => a - b), body.length]) {
    if (!response.write(body.subarray(from, to))) await once(response, 'drain');
    await new Promise(setImmediate);
    from = to;
  }
  response.end();
}

describe('a page of the record', () => {
  it.each([
    ['as it is', false],
    ['compressed', true],
  ])('of many MB, %s, is cut down to what tells of a call’s fate', async (_, compressed) => {
    const entries = Array.from({ length: 100 }, (_, number) => entryOf(number, 1000));
    const body = Buffer.from(pageOf(entries));
    const upstream = await upstreamThat((_, response) => {
      if (compressed) response.setHeader('content-encoding', 'gzip');
      response.end(compressed ? gzipSync(body) : body);
    });
    const reply = await upstream.idList(query);
    expect(reply).toEqual({ kind: 'entries', entries: entries.map(kept), length: 100, clockAhead: expect.any(Number) });
  });

  it('is read the same wherever it is cut into pieces', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 8 });
    const metadata = fc.option(fc.record({ tag: text, targets: fc.array(text, { maxLength: 4 }) }));
    const entry = fc.record(
      { id: text, cost: fc.jsonValue(), datetime_done: text, metadata },
      { requiredKeys: ['id'] },
    );
    let answer: Answer = () => undefined;
    const upstream = await upstreamThat((request, response) => answer(request, response));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(entry), { maxLength: 4 }), fc.array(fc.nat(400)), async (entries, cuts) => {
        answer = (_, response) => void inPieces(response, Buffer.from(pageOf(entries)), cuts);
        const reply = await upstream.idList(query);
        const whole: typeof entries = JSON.parse(JSON.stringify(entries));
        const wanted = whole.filter((one) => one !== null).map(readRecordEntry);
        expect(reply).toMatchObject({ kind: 'entries', length: entries.length });
        expect(reply.kind === 'entries' && reply.entries).toEqual(wanted);
      }),
      { numRuns: tries(15) },
    );
  });

  it('tells the upstream’s clock, and so does every other answer', async () => {
    const ahead = 90_000;
    const upstream = await upstreamThat((_, response) => {
      response.setHeader('date', new Date(Date.now() + ahead).toUTCString());
      response.end(pageOf(null));
    });
    expect(upstream.clockAhead()).toBeNull();
    await upstream.call('bulk_backlinks', {});
    const learnt = upstream.clockAhead() ?? 0;
    expect(Math.round(learnt / ahead)).toBe(1);
    const reply = await upstream.idList(query);
    expect(Math.round((reply.kind === 'entries' ? (reply.clockAhead ?? 0) : 0) / ahead)).toBe(1);
  });

  it('need not bear a date', async () => {
    const upstream = await upstreamThat((_, response) => {
      response.sendDate = false;
      response.end(pageOf([]));
    });
    expect(await upstream.idList(query)).toEqual({ kind: 'entries', entries: [], length: 0, clockAhead: null });
    expect(upstream.clockAhead()).toBeNull();
  });
});

describe('a page in another form', () => {
  const entries = [entryOf(1, 2), entryOf(2, 2)];
  const whole = { entries: entries.map(kept), length: 2 };

  it('is read whatever stands in fields that are not used', async () => {
    let body = '';
    const upstream = await upstreamThat((_, response) => response.end(body));
    const names = fc.constantFrom('version', 'time', 'cost', 'id', 'path', 'data', 'more');
    const anything = fc.dictionary(names, fc.jsonValue());
    await fc.assert(
      fc.asyncProperty(anything, anything, async (outside, inside) => {
        const task = { ...inside, status_code: 20000, result: entries };
        body = JSON.stringify({ ...outside, status_code: 20000, tasks: [task] });
        expect(await upstream.idList(query)).toMatchObject({ kind: 'entries', ...whole });
      }),
      { numRuns: tries(10) },
    );
  });

  const task = { status_code: 20000, result: entries };
  const answer = { status_code: 20000, tasks: [task] };
  const page = Buffer.from(JSON.stringify(answer));
  it.each<[string, string | Buffer]>([
    ['codes as text', JSON.stringify({ status_code: '20000', tasks: [{ status_code: '20000', result: entries }] })],
    ['a code on the task alone', JSON.stringify({ tasks: [task] })],
    ['the task as an object', JSON.stringify({ ...answer, tasks: task })],
    ['tasks by number', JSON.stringify({ ...answer, tasks: { 0: task } })],
    ['a null task in front', JSON.stringify({ ...answer, tasks: [null, task] })],
    [
      'entries by number',
      JSON.stringify({ ...answer, tasks: [{ ...task, result: { 0: entries[0], 1: entries[1] } }] }),
    ],
    ['a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), page])],
    ['white space behind it', Buffer.concat([page, Buffer.from('\r\n \n')])],
    ['gzip that its headers do not name', gzipSync(page)],
    ['gzip without its last bytes', gzipSync(page).subarray(0, -8)],
  ])('%s', async (_, body) => {
    const upstream = await upstreamThat((_, response) => response.end(body));
    expect(await upstream.idList(query)).toMatchObject({ kind: 'entries', ...whole });
  });

  it('one entry without its list', async () => {
    const [first] = entries;
    const upstream = await upstreamThat((_, response) => response.end(pageOf(first)));
    expect(await upstream.idList(query)).toMatchObject({ kind: 'entries', entries: [whole.entries[0]], length: 1 });
  });

  it('entries that cannot be read take nothing from the others, and are counted', async () => {
    const upstream = await upstreamThat((_, response) => response.end(pageOf([null, 'x', 7, [1], {}, ...entries])));
    const reply = await upstream.idList(query);
    expect(reply).toMatchObject({ kind: 'entries', length: 7 });
    const read = reply.kind === 'entries' ? reply.entries : [];
    expect(read.map(({ tag }) => tag)).toEqual([null, null, null, null, 'job.1.1', 'job.2.1']);
  });
});

describe('what is no page of the record', () => {
  const page = Buffer.from(pageOf([entryOf(1, 10)]));

  it.each<[string, Answer, object]>([
    ['too many look-ups', (_, r) => json(r, { status_code: 40202, status_message: 'Slow.', tasks: null }), {}],
    [
      'a task that failed',
      (_, r) => json(r, { status_code: 20000, tasks: [{ status_code: 40501, result: null }] }),
      {},
    ],
    ['a result that is no list', (_, r) => r.end(pageOf('none')), { reason: 'the record has another form' }],
    ['a task without a status', (_, r) => json(r, { status_code: 20000, tasks: [{ result: [] }] }), {}],
    ['no task', (_, r) => json(r, { status_code: 20000, tasks: [] }), {}],
    ['another status of the whole', (_, r) => json(r, { status_code: '50000', tasks: [{ status_code: 20000 }] }), {}],
    ['an entry without end', (_, r) => r.end(pageOf([{ id: 'x'.repeat(33 * 1024 * 1024) }])), {}],
    ['no JSON', (_, r) => r.end('<html>Bad Gateway</html>'), {}],
    ['nothing', (_, r) => r.end(), { reason: 'the body is not whole JSON' }],
    [
      'half of it, whole as a message',
      (_, r) => r.end(page.subarray(0, 200)),
      { reason: 'the body is not whole JSON' },
    ],
    ['more behind it', (_, r) => r.end(Buffer.concat([page, page])), {}],
    [
      'half a gzip stream',
      (_, r) => r.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(page).subarray(0, 100)),
      {},
    ],
    ['a gateway’s own 404', (_, r) => json(r, { error: 'no such route' }, 404), { reason: 'no such route' }],
  ])('fails by %s, and is over', async (_, answer, said) => {
    const upstream = await upstreamThat(answer);
    expect(await upstream.idList(query)).toMatchObject({ kind: 'failed', ended: true, ...said });
  });

  it('says what the upstream said', async () => {
    const upstream = await upstreamThat((_, r) =>
      json(r, { status_code: 40202, status_message: 'Slow.', tasks: null }),
    );
    expect(await upstream.idList(query)).toMatchObject({ reason: 'HTTP 200, 40202 Slow.' });
  });

  it.each<[string, Answer]>([
    [
      'a connection that breaks half-way',
      (_, response) => {
        response.writeHead(200, { 'content-length': String(page.length) }).write(page.subarray(0, 200));
        setImmediate(() => response.destroy());
      },
    ],
    [
      'no more of a body that is no JSON',
      (_, response) => {
        response.writeHead(200, { 'content-length': '1000' }).write('<html>');
        setImmediate(() => response.destroy());
      },
    ],
    ['a body that does not end', (_, response) => void response.write(page.subarray(0, 200))],
  ])('fails by %s, and may not be over', async (_, answer) => {
    const upstream = await upstreamThat(answer, 300);
    expect(await upstream.idList(query)).toMatchObject({ kind: 'failed', ended: false });
  });

  it('is a record that is not there, when the API itself says so', async () => {
    const upstream = await upstreamThat((_, response) => json(response, { status_code: 40400, tasks: null }, 404));
    expect(await upstream.idList(query)).toEqual({ kind: 'no_record' });
  });
});
