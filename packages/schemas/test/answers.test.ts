import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENDPOINTS, elementsOf, jsonOf, numberOf, ourTask, readEnvelope, readItems } from '../src/index.js';

const { bulk_backlinks, domain_pages, referring_domains } = ENDPOINTS;
const asked = { tag: 'job_1.1.1', targets: ['a.com', 'b.com'] };

const items = [
  { target: 'b.com', backlinks: 2 },
  { target: 'a.com', backlinks: 1 },
];
const result = { items_count: 2, items };
const task = {
  id: '11-1',
  status_code: 20000,
  status_message: 'Ok.',
  cost: 0.02,
  data: { tag: asked.tag },
  result: [result],
};
const answer = { status_code: 20000, status_message: 'Ok.', cost: 0.02, tasks: [task] };

/** All that is read of an answer. */
function read(json: unknown, endpoint: (typeof ENDPOINTS)[keyof typeof ENDPOINTS] = bulk_backlinks) {
  const envelope = readEnvelope(json);
  if (envelope === null) return null;
  const at = ourTask(envelope.tasks, asked);
  const { tasks, ...level } = envelope;
  const { json: found = {}, ...facts } = tasks[at] ?? {};
  return { level, at, facts, items: readItems(found, { endpoint, offset: 0 }) };
}

const withTask = (fields: object) => ({ ...answer, tasks: [{ ...task, ...fields }] });
const withResult = (fields: object) => withTask({ result: [{ ...result, ...fields }] });

describe('a field that is not used', () => {
  const unused = {
    envelope: ['version', 'time', 'tasks_count', 'tasks_error', 'server', 'foo'],
    task: ['time', 'path', 'result_count', 'foo'],
    result: ['target', 'crawl_progress', 'search_after_token', 'foo'],
  };
  const field = fc.oneof(
    ...Object.entries(unused).map(([level, names]) =>
      fc.record({ level: fc.constant(level), name: fc.constantFrom(...names) }),
    ),
  );

  it('changes nothing, whatever stands in it', () => {
    fc.assert(
      fc.property(field, fc.jsonValue(), ({ level, name }, value) => {
        const changed = { [name]: value };
        const wider =
          level === 'envelope' ? { ...answer, ...changed } : level === 'task' ? withTask(changed) : withResult(changed);
        expect(read(wider)).toEqual(read(answer));
      }),
    );
  });

  it('is any order of fields too, null tasks, and results that are null', () => {
    const reversed = Object.fromEntries(Object.entries(answer).reverse());
    expect(read(reversed)).toEqual(read(answer));
    expect(read({ ...answer, tasks: [null, 'x', task, null, { id: 'y', status_code: 20000, result: null }] })).toEqual(
      read(answer),
    );
    expect(read(withTask({ result: [null, result] }))).toEqual(read(answer));
  });

  it('is a list that stands without its brackets, or as a map with numeric keys', () => {
    expect(read({ ...answer, tasks: task })).toEqual(read(answer));
    expect(read({ ...answer, tasks: { 0: task } })).toEqual(read(answer));
    expect(read(withTask({ result }))).toEqual(read(answer));
    expect(read(withResult({ items: { 0: items[0], 1: items[1] } }))).toEqual(read(answer));
    expect(read(withResult({ items: items[0] }))?.items).toMatchObject({ form: 'items', elements: [items[0]] });
  });
});

describe('numbers', () => {
  it('are the same as text', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(numberOf(number)).toBe(number);
        expect(numberOf(JSON.stringify(number))).toBe(Number(JSON.stringify(number)));
      }),
    );
  });

  it.each([
    '',
    ' ',
    '1 ',
    '+1',
    '01',
    '.5',
    '1.',
    '0x10',
    '1,5',
    '1_0',
    'NaN',
    'Infinity',
    '1e999',
    true,
    [1],
    {},
    null,
    undefined,
  ])('are not %j', (value) => {
    expect(numberOf(value)).toBeNull();
  });

  it('of status and cost are read at both levels', () => {
    const asText = {
      ...answer,
      status_code: '20000',
      cost: '0.02',
      tasks: [{ ...task, status_code: '20000', cost: '0.02' }],
    };
    expect(read(asText)).toEqual(read(answer));
    expect(read(withTask({ cost: -1 }))?.facts).toMatchObject({ charge: null });
    expect(read(withTask({ cost: 1e10 }))?.facts).toMatchObject({ charge: null });
    expect(read({ ...answer, status_code: undefined })?.level).toMatchObject({ code: null });
  });
});

describe('the task that is ours', () => {
  it('has our tag, or is the first without any; one of another tag or of other targets never is', () => {
    const others = { ...task, id: 'other', data: { tag: 'job_2.1.1' } };
    const untagged = { ...task, data: null };
    expect(read({ ...answer, tasks: [others, untagged, task] })?.at).toBe(2);
    expect(read({ ...answer, tasks: [others, untagged] })?.at).toBe(1);
    expect(read({ ...answer, tasks: [others] })?.at).toBe(-1);
    expect(read(withTask({ data: { targets: ['c.com', 'd.com'] } }))?.at).toBe(-1);
    expect(read(withTask({ data: { tag: asked.tag, target: 'c.com' } }))?.at).toBe(-1);
  });

  it('may echo its targets in a form of the upstream’s own', () => {
    expect(read(withTask({ data: { tag: asked.tag, targets: ['https://www.B.com/', 'x.com'] } }))?.at).toBe(0);
    expect(read(withTask({ data: [{ tag: asked.tag }] }))?.at).toBe(0);
    expect(read(withTask({ data: 'a text' }))?.at).toBe(0);
  });
});

describe('items', () => {
  const formOf = (json: unknown, endpoint: (typeof ENDPOINTS)[keyof typeof ENDPOINTS] = bulk_backlinks) =>
    read(json, endpoint)?.items.form;

  it('of several results come one after the other', () => {
    const halves = [{ items: [items[0]] }, null, { items: [items[1]] }];
    expect(read(withTask({ result: halves }))?.items).toMatchObject({ form: 'items', elements: items });
  });

  it.each([
    ['a result of null', withTask({ result: null })],
    ['no result at all, and a count of 0', withTask({ result: undefined, result_count: 0 })],
    ['an empty list of results', withTask({ result: [] })],
    ['a list of null', withTask({ result: [null] })],
    ['items of null', withResult({ items: null, items_count: 0 })],
    ['an empty list of items', withResult({ items: [], items_count: '0' })],
    ['a count of 0 without items', withResult({ items: undefined, items_count: 0 })],
  ])('are none where the answer says so: %s', (_, json) => {
    expect(formOf(json)).toBe('empty');
    expect(formOf(json, domain_pages)).toBe('empty');
  });

  it.each([
    ['a result of another form', withTask({ result: [{ rows: [[1, 2]] }] })],
    ['no result, and no count of it', withTask({ result: undefined })],
    ['a result that is a text', withTask({ result: 'x' })],
    ['a list of texts as results', withTask({ result: ['x'] })],
    ['items of null that are counted', withResult({ items: null, items_count: 10 })],
    ['items of null that are counted in text', withResult({ items: null, items_count: 0, total_count: '10' })],
    ['items that are a text', withResult({ items: 'x' })],
    ['elements that are all texts', withResult({ items: items.map((item) => JSON.stringify(item)) })],
    ['elements that are all null', withResult({ items: [null, null] })],
    ['results that are counted and not there', withTask({ result: null, result_count: 1 })],
  ])('are not understood, and never said to be none: %s', (_, json) => {
    expect(formOf(json)).toBe('unreadable');
    expect(formOf(json, domain_pages)).toBe('unreadable');
  });

  it('of a bulk call have a name, at least one of them', () => {
    expect(formOf(withResult({ items: [{ domain: 'a.com' }, { target: 5 }] }))).toBe('unreadable');
    expect(formOf(withResult({ items: [{ domain: 'a.com' }, { target: 'b.com' }] }))).toBe('items');
  });

  it('of a later page may be none, though all pages together have some', () => {
    const last = { result: [{ total_count: 1000, items_count: 0, items: null }] };
    expect(readItems(last, { endpoint: domain_pages, offset: 1000 }).form).toBe('empty');
    expect(readItems(last, { endpoint: domain_pages, offset: 999 }).form).toBe('unreadable');
    expect(readItems(last, { endpoint: referring_domains, offset: 999 }).form).toBe('empty');
  });

  it('are not copied', () => {
    expect(read(answer)?.items.elements).toBe(items);
    expect(elementsOf({})).toEqual([]);
  });
});

it('a byte order mark and white space around a body say nothing', () => {
  expect(jsonOf(`\u{feff}${JSON.stringify(answer)}\r\n\n`)).toEqual(answer);
  expect(() => jsonOf('<html>')).toThrow(SyntaxError);
});
