import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ndjsonOf, textLines } from '../src/line-texts.js';
import { resultLine } from '../src/lines.js';

/** A text as the bytes of its JSON, one character for each. */
const lettersOf = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('latin1');

it('lines of any length and number are the bytes of the same lines as JSON', () => {
  const item = fc.record({ text: fc.string({ unit: 'grapheme' }), times: fc.nat(9000), isText: fc.boolean() });
  fc.assert(
    fc.property(fc.array(item, { maxLength: 30 }), (items) => {
      const lineOf = textLines();
      const lines = items.map(({ text, times, isText }, at) => {
        const data = { text: text.repeat(times) };
        const columns = { line: at + 1, input: text, id: null, target: text, target_kind: null, duplicate_of: null };
        const rest = { status: 'ok' as const, position: 0, call: 1, fetched_at: null, source: 'upstream' as const };
        const row = { line: at + 1, position: 0, duplicateOf: null, target: lettersOf(text), input: lettersOf(text) };
        return {
          line: resultLine(columns, { ...rest, data }),
          text: isText ? lineOf({ ...row, id: 'null' }, { ...rest, data: lettersOf(data) }) : null,
        };
      });
      const expected = lines.map(({ line }) => `${JSON.stringify(line)}\n`).join('');
      expect(ndjsonOf(lines.map(({ line, text }) => text ?? line)).toString()).toBe(expected);
    }),
  );
});
