import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tries } from '../../../e2e/env.js';
import type { InputRow } from '../src/submit/submission.js';
import { lines, ndjson, read, refusal } from './lists.js';

describe('NDJSON', () => {
  it.each<[string, string, string[]]>([
    [
      'strings and objects',
      '"a.com"\n{"target":"b.com","id":"7"}\n{ "id" : "" , "target" : "c.com" }',
      ['1 a.com', '2 b.com #7', '3 c.com'],
    ],
    ['objects without an id', ' {"target": "a.com"}\t\r\n', ['1 a.com']],
    ['blank lines and a mark', '\ufeff\n\r\n"a.com"\r\n  \n\n"b.com"', ['3 a.com', '6 b.com']],
    ['escapes', '"\\u0061.com"\n"b\\"c"\n{"target":"d\\ne","id":"\\\\"}\n', ['1 a.com', '2 b"c', '3 d\ne #\\']],
    ['other letters', '"bücher.de"\n{"target":"💩.la"}', ['1 bücher.de', '2 💩.la']],
    ['an empty string', '""\n', ['1 ']],
    ['a long id of other letters', `{"target":"a.com","id":"${'é'.repeat(255)}"}`, [`1 a.com #${'é'.repeat(255)}`]],
    ['space around a string', ' "a.com" \n', ['1 a.com']],
  ])('takes %s', async (_, body, expected) => {
    expect(await lines(ndjson, body)).toEqual(expected);
  });

  it('keeps half of a surrogate pair as it was written', async () => {
    expect(await read(ndjson, '"\\ud800.com"')).toEqual([{ line: 1, input: '\ud800.com', id: null }]);
  });

  it.each<[string, string, string]>([
    ['a line that is not JSON', 'a.com', 'invalid_json'],
    ['two values on a line', '"a.com" "b.com"', 'invalid_json'],
    ['two strings that look like one', '"a.com","b.com"', 'invalid_json'],
    ['a raw control character', '"a\tb.com"', 'invalid_json'],
    ['a string that goes on', '"a.com\n"', 'invalid_json'],
    ['an object over two lines', '{"target":\n"a.com"}', 'invalid_json'],
    ['an array of no strings', '[1]', 'invalid'],
    ['an empty array', '[]', 'invalid'],
    ['a number', '1', 'invalid'],
    ['null', 'null', 'invalid'],
    ['another field', '{"target":"a.com","x":1}', 'invalid'],
    ['no target', '{"id":"1"}', 'invalid'],
    ['an id that is a number', '{"target":"a.com","id":1}', 'invalid'],
    ['a name twice', '{"target":"a.com","target":"b.com"}', 'invalid'],
    ['a name twice, once in escapes', '{"target":"a.com","\\u0074arget":"b.com"}', 'invalid'],
    ['a prototype', '{"target":"a.com","__proto__":{}}', 'invalid'],
    ['half of a surrogate pair as an id', '{"target":"a.com","id":"\\ud800"}', 'invalid'],
    ['an id that is too long', `{"target":"a.com","id":"${'x'.repeat(256)}"}`, 'invalid'],
    ['deep nesting', '['.repeat(60_000), 'invalid_json'],
    ['a line over 64 KiB', `"${'x'.repeat(65_536)}"`, 'line_too_long'],
  ])('refuses %s, and names the line', async (_, line, code) => {
    const { errors } = await refusal(ndjson, `\n"first.com"\n${line}\n"last.com"\n`);
    expect(errors[0]).toMatchObject({ line: 3, code });
  });

  it('says what a row is where it has another field', async () => {
    const says = async (line: string) => (await refusal(ndjson, line)).message;
    expect(await says('{"url":"a.com"}')).toBe(
      'Line 1: `url`: this field does not exist: a row is a string or { "target", "id" }.',
    );
    expect(await says('{"targets":"a.com"}')).toBe(
      'Line 1: `targets`: this field does not exist, did you mean `target`?',
    );
  });

  it('is read back as it was written, however it comes', async () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 8 });
    const row = fc.record({ target: anyText, id: fc.option(anyText), blanks: fc.nat(1) });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 12 }), fc.array(fc.nat(300)), async (rows, places) => {
        let body = '';
        const expected: InputRow[] = [];
        for (const { target, id, blanks } of rows) {
          expected.push({ line: body.split('\n').length, input: target, id: id || null });
          body += `${JSON.stringify(id === null ? target : { target, id })}\n${'\n'.repeat(blanks)}`;
        }
        expect(await read(ndjson, body, places)).toEqual(expected);
      }),
    );
  });
});

describe('a line of NDJSON', () => {
  it('is what JSON has it to be, or none, whatever stands there', async () => {
    const pieces = [
      '{',
      '}',
      '"target"',
      '"id"',
      ':',
      ': ',
      ',',
      ', ',
      ' ',
      '\u00a0',
      '"a"',
      '"b\\n"',
      '"\u007f"',
      '""',
      '1',
    ];
    const piece = fc.constantFrom(...pieces, '{"target":', '","id":"', '"target": "é"');
    const line = fc.array(piece, { minLength: 1, maxLength: 9 }).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(line, async (body) => {
        const [row] = await read(ndjson, body).catch(() => []);
        if (row === undefined) return;
        const value: unknown = JSON.parse(body);
        expect([row.input, { target: row.input }, { target: row.input, id: row.id ?? '' }]).toContainEqual(value);
        expect(row.id === null || typeof value === 'object').toBe(true);
        expect(body.match(/"target"\s*:/g)?.length ?? 1).toBe(1);
      }),
      { numRuns: tries(500) },
    );
  });
});
