import { describe, expect, it } from 'vitest';
import { COST, type Entry, entryOf, loseAnswer, type Page, RESERVE } from './record-upstream.js';

const LOST = { spent: COST, wasted: COST, unconfirmed: 0, unknown: 0 };
const SENT_AGAIN = { spent: 0, wasted: 0, unconfirmed: 0, unknown: 0 };
const UNCONFIRMED = { spent: 0, wasted: 0, unconfirmed: RESERVE, unknown: 0 };
const NOT_KNOWN = { spent: 0, wasted: 0, unconfirmed: RESERVE, unknown: 1 };

const epoch = (text: string) => Date.parse(text.replace(' +', '+')) / 1000;
const resultOf = (page: Page, result: unknown) => ({ ...page, tasks: page.tasks.map((task) => ({ ...task, result })) });
/** An entry of another user of the account, with that user's tag. */
const foreign = (entry: Entry) => ({ ...entry, id: 'other', cost: 1, metadata: { target: 'x.com', tag: 'theirs' } });

describe('a call that was executed and whose answer was lost is found in the record', () => {
  it.each<[string, (entry: Entry) => unknown]>([
    ['as it is', (entry) => entry],
    ['with its status as a number', (entry) => ({ ...entry, status: 20000 })],
    ['without a status', ({ status: _, ...entry }) => entry],
    ['with its id as a number', (entry) => ({ ...entry, id: 7 })],
    ['without an id', ({ id: _, ...entry }) => entry],
    ['with its cost as text', (entry) => ({ ...entry, cost: String(entry.cost) })],
    ['with its request in a list', (entry) => ({ ...entry, metadata: [entry.metadata] })],
    ['with its request as text', (entry) => ({ ...entry, metadata: JSON.stringify(entry.metadata) })],
    ['done in seconds', (entry) => ({ ...entry, datetime_done: epoch(entry.datetime_done) })],
    ['done in milliseconds, as text', (e) => ({ ...e, datetime_done: String(epoch(e.datetime_done) * 1000) })],
    ['done by RFC 3339', (e) => ({ ...e, datetime_done: new Date(epoch(e.datetime_done) * 1000).toISOString() })],
    ['without its end', ({ datetime_done: _, ...entry }) => entry],
    ['without its times', ({ datetime_done: _, datetime_posted: __, ...entry }) => entry],
    ['with times of no sense', (entry) => ({ ...entry, datetime_posted: true, datetime_done: 'soon' })],
    ['without its URL', ({ url: _, ...entry }) => entry],
    ['with a URL of no sense', (entry) => ({ ...entry, url: { path: 1 } })],
    ['with more in it', (entry) => ({ ...entry, more: { x: [1] }, time: 0.1 })],
  ])('%s', async (_, form) => {
    const { write, send, lookUp, counts, call } = await loseAnswer();
    write([form(entryOf(await send()))]);
    await lookUp();
    expect(await counts()).toMatchObject(LOST);
    expect(await call()).toMatchObject({ state: 'planned', losses: 1, failures: 0 });
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['text', 'x'],
    ['a number', 7],
    ['a list', [1]],
    ['an empty object', {}],
    ['an entry with a list as metadata', { id: 'y', metadata: [1] }],
    ['an entry without metadata', { id: 'y', metadata: null, status: 20000, datetime_posted: 1 }],
  ])('behind %s', async (_, other) => {
    const { write, send, lookUp, counts } = await loseAnswer();
    write([other, entryOf(await send())]);
    await lookUp();
    expect(await counts()).toMatchObject(LOST);
  });

  it.each<[string, (page: Page) => unknown]>([
    ['time as a number', (page) => ({ ...page, time: 0.01 })],
    [
      'codes as text',
      (page) => ({ ...page, status_code: '20000', tasks: [{ ...page.tasks[0], status_code: '20000' }] }),
    ],
    ['counts, cost and version of other types', (page) => ({ ...page, version: 1, cost: '0', tasks_count: 'one' })],
    ['an id as a number', (page) => ({ ...page, tasks: [{ ...page.tasks[0], id: 1, path: 'x', data: [] }] })],
    ['a null task in front', (page) => ({ ...page, tasks: [null, ...page.tasks] })],
    ['tasks as an object', (page) => ({ ...page, tasks: page.tasks[0] })],
    ['tasks by number', (page) => ({ ...page, tasks: { 0: page.tasks[0] } })],
    ['its result as an object', (page) => resultOf(page, page.tasks[0]?.result[0])],
    ['its result by number', (page) => resultOf(page, { 0: page.tasks[0]?.result[0] })],
  ])('in an answer with %s', async (_, form) => {
    const { write, send, lookUp, counts } = await loseAnswer();
    write([entryOf(await send())], form);
    await lookUp();
    expect(await counts()).toMatchObject(LOST);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['missing', undefined],
    ['empty', ''],
    ['true', true],
    ['a list', [0.024]],
  ])('and is not lost for nothing where its cost is %s', async (_, cost) => {
    const { write, send, lookUp, counts, call } = await loseAnswer();
    write([{ ...entryOf(await send()), cost }]);
    await lookUp();
    expect(await counts()).toMatchObject(UNCONFIRMED);
    expect(await call()).toMatchObject({ state: 'planned', losses: 1 });
  });

  it('and counts as running while it has no end and its time is not over', async () => {
    const { write, send, lookUp, counts } = await loseAnswer({ lookUpAfterMs: 60_000 });
    write([{ ...entryOf(await send()), datetime_done: null, cost: 0 }]);
    await lookUp();
    expect(await counts()).toMatchObject(NOT_KNOWN);
  });
});

describe('a call that the record does not show', () => {
  it.each<[string, (entry: Entry) => unknown]>([
    ['there is none', () => null],
    ['another has its own tag', foreign],
    ['another was sent without a tag', (entry) => ({ ...entry, metadata: { targets: ['x.com'] } })],
    ['another of its target has more of them', (entry) => ({ ...entry, metadata: { targets: ['d0.com', 'x.com'] } })],
    [
      'a nameless one is of another endpoint',
      (e) => ({ ...e, url: 'https://a/v3/backlinks/summary/live', metadata: 1 }),
    ],
    [
      'a nameless one is of another time',
      (e) => ({ ...e, datetime_posted: '2026-01-01 00:00:00 +00:00', metadata: 1 }),
    ],
  ])('is sent again: %s', async (_, form) => {
    const { write, send, lookUp, counts, call } = await loseAnswer();
    write([form(entryOf(await send()))]);
    await lookUp();
    expect(await counts()).toMatchObject(SENT_AGAIN);
    expect(await call()).toMatchObject({ state: 'planned', failures: 1, losses: 0 });
  });

  const nameless: [string, (entry: Entry) => unknown][] = [
    ['an entry is text', () => 'x'],
    ['an entry says nothing', () => ({ id: 'y', metadata: [1] })],
    ['metadata is left out of all', ({ metadata: _, ...entry }) => entry],
    ['metadata is null', (entry) => ({ ...entry, metadata: null })],
    ['metadata is of another form', (entry) => ({ ...entry, metadata: { request: entry.metadata } })],
    ['the tag is left out', ({ metadata: { targets }, ...entry }) => ({ ...entry, metadata: { targets } })],
    ['the tag has another type', (entry) => ({ ...entry, metadata: { ...entry.metadata, tag: [entry.metadata.tag] } })],
  ];
  it.each(nameless)('is not sent again if it may be one of the entries without a tag: %s', async (_, form) => {
    const { write, send, lookUp, counts, call, services } = await loseAnswer();
    const entry = entryOf(await send());
    write([foreign(entry), form(entry)]);
    await lookUp();
    expect(await counts()).toMatchObject(NOT_KNOWN);
    expect(await call()).toMatchObject({ state: 'unknown' });
    expect(await services.workerReports.failedLookUp('a')).toMatchObject({
      why: expect.stringContaining('no readable tag'),
    });
  });

  it.each(nameless)('becomes blind in the end, its money unconfirmed: %s', async (_, form) => {
    const { write, send, lookUp, counts, call } = await loseAnswer({ maxMs: 0 });
    const entry = entryOf(await send());
    write([foreign(entry), form(entry)]);
    await lookUp();
    expect(await counts()).toMatchObject(UNCONFIRMED);
    expect(await call()).toMatchObject({ state: 'planned', failures: 0, losses: 1 });
  });

  it('is not taken as absent if the same page comes twice', async () => {
    const { write, send, lookUp, counts, services } = await loseAnswer();
    const entry = foreign(entryOf(await send()));
    const page = Array.from({ length: 100 }, () => entry);
    write(page, (answer) => resultOf(answer, page));
    await lookUp();
    expect(await counts()).toMatchObject(NOT_KNOWN);
    expect(await services.workerReports.failedLookUp('a')).toMatchObject({ why: expect.stringContaining('twice') });
  });
});
