import { ENDPOINTS, isObject, itemsOf, jsonOf, readEnvelope } from '@linkhaul/schemas';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tries } from '../../../e2e/env.js';
import { ndjsonOf, textLines } from '../src/line-texts.js';
import { resultLine } from '../src/lines.js';
import { rawItems } from '../src/raw-items.js';

const lettersOf = (text: string) => Buffer.from(text).toString('latin1');
const itemsIn = (text: string, task: number) =>
  rawItems(Buffer.from(text), { task, areResults: false })?.map(
    (item) => item && Buffer.from(item, 'latin1').toString('utf8'),
  ) ?? null;

const parsed = (text: string, task: number) =>
  itemsOf(readEnvelope(jsonOf(text))?.tasks[task]?.json, ENDPOINTS.domain_pages).map((item) =>
    isObject(item) ? item : null,
  );

/** Names that try the search: those that are looked for, at any depth, and in other spellings. */
const name = fc.oneof(fc.constantFrom('tasks', 'result', 'items', 'a"', '\\', '', '[', '}'), fc.string());
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<unknown>(null, true, 0, -1.5e-7, '', 'x"\\', '\u2028é{['),
    fc.string({ unit: 'binary' }),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(name, tie('any'), { maxKeys: 3 }),
  ),
})).any;
const result = fc.record({ items: fc.oneof(fc.array(value), value), more: value }, { requiredKeys: [] });
const task = fc.record(
  { id: value, result: fc.oneof(fc.array(fc.oneof(result, value), { maxLength: 3 }), value), tag: value },
  { requiredKeys: [] },
);
const answer = fc.record({
  status_code: fc.constant(20000),
  tasks: fc.oneof(fc.array(fc.oneof(task, value), { maxLength: 3 }), value),
  time: value,
});

it('finds the items that parsing the whole finds, or leaves them to that', () => {
  fc.assert(
    fc.property(answer, fc.nat({ max: 2 }), fc.constantFrom(undefined, 1, '\n', '\t'), (json, at, space) => {
      const text = JSON.stringify(json, null, space);
      const found = itemsIn(text, at);
      if (found !== null) expect(found.map((item) => item && JSON.parse(item))).toEqual(parsed(text, at));
      for (const item of found ?? []) expect(item ?? '').not.toMatch(/[\n\t]/);
    }),
    { numRuns: tries(100) },
  );
});

it('reads the usual form without parsing it, item by item as it came', () => {
  const items = String.raw`{"a":1.0,"u":"https:\/\/a.com\/"},null,{"b":[{"items":[]}]},7`;
  const text = `\ufeff{"status_code":20000,"tasks":[{"result":null},{"data":{"result":1},"result":[{"items":null},{"items":[${items}]}]}]}`;
  expect(itemsIn(text, 1)).toEqual([String.raw`{"a":1.0,"u":"https:\/\/a.com\/"}`, null, '{"b":[{"items":[]}]}', null]);
  expect(itemsIn(text, 0)).toEqual([]);
});

it.each([
  '{"tasks":[{"result":[{"items":[1]}]}],"tasks":[]}',
  '{"tasks":[{"result":[{"items":[1],"items":[]}]}]}',
  String.raw`{"t\u0061sks":[{"result":[{"items":[1]}]}]}`,
  '{"tasks":{"0":{"result":[{"items":[1]}]}}}',
  '{"tasks":[null,{"result":[{"items":[1]}]}]}',
  '{"tasks":[{"result":{"items":[1]}}]}',
  '{"tasks":[{"result":[{"items":{"0":{}}}]}]}',
  '[]',
])('leaves %s to a whole parser', (text) => {
  expect(itemsIn(text, 0)).toBeNull();
});

it('comes to an end wherever the text breaks off, and finds nothing then', () => {
  const whole = '{"version":"0","tasks":[{"id":"t","result":[{"items":[{"a":"b\\\\"},null]}]}]}';
  expect(itemsIn(whole, 0)).toEqual(['{"a":"b\\\\"}', null]);
  for (let end = 0; end < whole.length; end++) expect(itemsIn(whole.slice(0, end), 0), whole.slice(0, end)).toBeNull();
});

it('leaves an item that is spread over lines, and bytes that are no text, to a whole parser', () => {
  const whole = '{"tasks":[{"result":[{"items":[{"a":"b  c"}]}]}]}';
  expect(itemsIn(whole, 0)).toEqual(['{"a":"b  c"}']);
  expect(itemsIn(whole.replace('"b', ' "b'), 0)).toBeNull();
  const broken = Buffer.from(whole);
  broken[broken.indexOf('b')] = 0xff;
  expect(rawItems(broken, { task: 0, areResults: false })).toBeNull();
});

it('the text of lines is the JSON of the lines', () => {
  const text = fc.string({ unit: 'binary' });
  const columns = fc.record({
    line: fc.nat(),
    input: text,
    id: fc.option(text),
    target: text,
    target_kind: fc.constant(null),
    duplicate_of: fc.option(fc.nat()),
  });
  const error = { code: 'upstream_error' as const, message: 'é', retryable: true, attempts: 1 };
  const rest = fc.record(
    {
      status: fc.constantFrom('ok' as const, 'failed' as const),
      position: fc.option(fc.nat()),
      call: fc.constantFrom(null, 1, 2),
      fetched_at: fc.constantFrom(null, '1', '2'),
      source: fc.constantFrom('upstream' as const, null),
      error: fc.constantFrom(error, null),
    },
    { requiredKeys: ['status'] },
  );
  const data = fc.option(fc.dictionary(fc.string(), fc.jsonValue()));
  fc.assert(
    fc.property(fc.array(fc.tuple(columns, rest, data)), (all) => {
      const toText = textLines();
      const lines = all.map(([{ line, input, id, target, duplicate_of }, known, item]) => {
        const [inputText, idText, targetText] = [input, id, target].map((one) => lettersOf(JSON.stringify(one)));
        const texts = { input: inputText ?? '', id: idText ?? '', target: targetText ?? '' };
        const row = { line, ...texts, position: 0, duplicateOf: duplicate_of };
        return toText(row, { ...known, data: item && lettersOf(JSON.stringify(item)) });
      });
      const parsed = all.map(([row, known, item]) => resultLine(row, { ...known, data: item }));
      expect(lines.map(({ line, status }) => [line, status])).toEqual(parsed.map(({ line, status }) => [line, status]));
      expect(ndjsonOf(lines).toString()).toBe(parsed.map((line) => `${JSON.stringify(line)}\n`).join(''));
      expect(ndjsonOf(parsed)).toEqual(ndjsonOf(lines));
    }),
  );
});
