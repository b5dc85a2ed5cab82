import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tries } from '../../../../e2e/env.js';
import { cutItems } from '../../src/upstream/cut-items.js';

const NAMING = ['url'];
const naming = fc.constantFrom(NAMING, ['type', 'url']);

/** What `cutItems` is to do, said over values: each item of the usual form is left with the members that name it. */
function cutValue(json: unknown, naming: readonly string[]): unknown {
  const inMember = (name: string, each: (value: unknown) => unknown) => (value: unknown) =>
    isRecord(value) && Array.isArray(value[name]) ? { ...value, [name]: value[name].map(each) } : value;
  const item = (value: unknown) =>
    isRecord(value) && naming.every((name) => typeof value[name] === 'string')
      ? Object.fromEntries(naming.map((name) => [name, value[name]]))
      : value;
  return inMember('tasks', inMember('result', inMember('items', item)))(json);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const texts = fc.oneof(
  fc.string(),
  fc.constantFrom('https://a.com/é', '"', '\\', '\\"', '\u2028', '💩', '\u0000', '\ud800'),
);
const numbers = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    texts,
    numbers,
    fc.constantFrom(true, false, null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(texts, fc.constantFrom('url', 'type', 'items', 'tasks', 'result')), tie('value'), {
      maxKeys: 4,
    }),
  ),
})).value;
const item = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ rank: numbers, type: texts, more: value, url: texts }, { requiredKeys: ['url'] }),
  },
  value,
);
const result = fc.oneof({ weight: 4, arbitrary: fc.record({ total_count: numbers, items: fc.array(item) }) }, value);
const task = fc.oneof(
  { weight: 4, arbitrary: fc.record({ id: texts, data: value, result: fc.array(result, { maxLength: 2 }) }) },
  value,
);
const answer = fc.oneof(
  { weight: 4, arbitrary: fc.record({ time: value, tasks: fc.array(task, { maxLength: 3 }) }) },
  value,
);
const spaces = fc.constantFrom(undefined, 1, '\t');

describe('an answer without what nobody reads of its items', () => {
  it('is to a parser what the whole one is, but for that', () => {
    fc.assert(
      fc.property(answer, spaces, naming, (json, space, names) => {
        const text = JSON.stringify(json, null, space);
        const cut = cutItems(Buffer.from(text), names);
        // A name of an item may be spelt with escapes.
        if (cut === null) expect(text).toContain('\\');
        else expect(JSON.parse(cut)).toEqual(cutValue(JSON.parse(text), names));
      }),
    );
  });

  it('is none where the whole is no JSON, wherever a byte was lost, came or changed', () => {
    const change = fc.record({
      at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      comes: fc.constantFrom('', ...'{}[]":,\\ue-+.0129tfn \n'),
      lost: fc.constantFrom(0, 1),
    });
    fc.assert(
      fc.property(answer, change, naming, (json, { at, comes, lost }, names) => {
        const whole = Buffer.from(JSON.stringify(json));
        const from = Math.floor(at * whole.length);
        const changed = Buffer.concat([whole.subarray(0, from), Buffer.from(comes), whole.subarray(from + lost)]);
        const cut = cutItems(changed, names);
        // A name may be there twice by now: then its item is whole in both.
        if (cut === null) return;
        expect(cutValue(JSON.parse(cut), names)).toEqual(cutValue(JSON.parse(changed.toString('utf8')), names));
      }),
      { numRuns: tries(200) },
    );
  });

  it.each([
    ...['1.', '01', '-01', '-', '1e', '1e+', '.5', '+1', '0x1', '1.e1', 'NaN', 'Infinity'],
    ...['tru', 'True', 'nulll', 'nul', 'undefined', 'falsey', '', ',', ':', '1 2', '/* */ 1'],
    ...['"', '"\\x"', '"\\u12g4"', '"\\u123"', '"\n"', '"\t"', '"\u001f"', "'a'", '"a" "b"', '"\\"'],
    ...[
      '[1,]',
      '[,1]',
      '[1 2]',
      '[1 23]',
      '{"a":1 x"b":2}',
      '[1',
      '[1}',
      '{"a":1,}',
      '{"a"}',
      '{"a" 1}',
      '{a:1}',
      '{"a":}',
      '{1:1}',
      '{"a":1]',
      '\u00a01',
    ],
  ])('is none where what is left out is no JSON: %j', (value) => {
    const text = `{"tasks":[{"result":[{"items":[{"url":"a","rank":${value}}]}]}]}`;
    expect(() => JSON.parse(text)).toThrow();
    expect(cutItems(Buffer.from(text), NAMING)).toBeNull();
  });

  it.each([
    ...[
      '0',
      '-0',
      '10.25',
      '-1.5e-7',
      '0E+2',
      '1e5',
      'true',
      'false',
      'null',
      ' null\t',
      '[]',
      '{}',
      '[ 1 , [ ] , { } ]',
    ],
    ...['""', '"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\u00e9\\uD800"', '"é\u2028"', '{"b":{"url":"x"},"":1,"a":2}'],
  ])('is there where what is left out is JSON: %j', (value) => {
    const text = `{"tasks":[{"result":[{"items":[{"url":"a","rank":${value}}]}]}]}`;
    expect(() => JSON.parse(text)).not.toThrow();
    expect(cutItems(Buffer.from(text), NAMING)).toBe('{"tasks":[{"result":[{"items":[{"url":"a"}]}]}]}');
  });

  it.each([
    ['two names', '{"url":"a","rank":1,"url":"b"}'],
    ['a name that is no text', '{"url":5,"rank":1}'],
    ['a name in a list', '{"url":["a"],"rank":1}'],
    ['no name', '{"rank":1}'],
    ['an element that is no object', '[{"url":"a","rank":1}]'],
  ])('keeps an item with %s whole', (_, whole) => {
    const text = `{"tasks":[{"result":[{"items":[${whole},{"rank":2,"url":"c","x":{}}]}]}]}`;
    expect(cutItems(Buffer.from(text), NAMING)).toBe(`{"tasks":[{"result":[{"items":[${whole},{"url":"c"}]}]}]}`);
  });

  it.each([
    ['a name is spelt with escapes', '{"\\u0075rl":"a","rank":1}'],
    ['a value nests without end', `{"url":"a","deep":${'['.repeat(1000)}${']'.repeat(1000)}}`],
  ])('leaves the whole to a parser where %s', (_, whole) => {
    expect(cutItems(Buffer.from(`{"tasks":[{"result":[{"items":[${whole}]}]}]}`), NAMING)).toBeNull();
  });

  it.each([
    ['next to each other', '{"a":1,"type":"t" , "url":"u","b":2}', '{"type":"t" ,"url":"u"}'],
    ['apart, in the other order', '{"url":"u","a":1,"type":"t"}', '{"url":"u","type":"t"}'],
    ['one of which is missing', '{"url":"u","a":1}', '{"url":"u","a":1}'],
    ['one of which is null', '{"url":"u","type":null,"a":1}', '{"url":"u","type":null,"a":1}'],
  ])('keeps two names %s', (_, item, left) => {
    const textOf = (items: string) => `{"tasks":[{"result":[{"items":[${items}]}]}]}`;
    expect(cutItems(Buffer.from(textOf(item)), ['type', 'url'])).toBe(textOf(left));
  });

  it('has the byte order mark that the whole has, and no white space is in its way', () => {
    const text =
      '\ufeff \r\n{ "tasks" : [ { "result" : [ { "items" : [ { "a" : 1 , "url" : "b" , "c" : 2 } ] } ] } ] }\t';
    expect(cutItems(Buffer.from(text), NAMING)).toBe(
      '\ufeff \r\n{ "tasks" : [ { "result" : [ { "items" : [ {"url" : "b"} ] } ] } ] }\t',
    );
  });
});
