import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyTable } from '../../src/planning/key-table.js';
import { createTextKeys } from '../../src/planning/text-key.js';

const COUNT = 60_000;

function keyOf(keys: ReturnType<typeof createTextKeys>, text: string) {
  return keys.of(text, { from: 0, to: text.length, without: text.length });
}

test('a table holds what a map would hold, whatever it has grown to', () => {
  const [firsts, groups] = [new KeyTable(), new KeyTable()];
  const [lineOf, numberOf] = [new Map<string, number>(), new Map<string, number>()];
  const keys = createTextKeys();
  const wrong: number[] = [];
  for (let line = 1; line <= COUNT; line++) {
    const text = `domain${(line * 7919) % (COUNT / 2)}.com`;
    const within = { from: 1, to: text.length + 1, without: text.length + 1 };
    const group = text.slice(0, 7);
    const known = lineOf.get(text) ?? 0;
    if (known === 0) lineOf.set(text, line);
    if (!numberOf.has(group)) numberOf.set(group, numberOf.size);
    const first = firsts.putIfNew(keys.of(`x${text}x`, within), line);
    const number = groups.number(keyOf(keys, group), numberOf.size - 1);
    if (first !== known || number !== numberOf.get(group)) wrong.push(line);
  }
  // An expectation for each line would take longer than the table.
  expect(wrong).toEqual([]);
  expect(firsts.lines).toBe(lineOf.size);
  expect(groups.lines).toBe(0);
});

test('keys that are alike in all but one of their parts are told apart', () => {
  const table = new KeyTable();
  const key = { a: 1, b: 2, c: 3 };
  const others = [key, { ...key, a: 0 }, { ...key, b: 3 }, { ...key, c: -3 }, { ...key, b: -1 }, { a: 0, b: 0, c: 0 }];
  for (const [at, other] of others.entries()) expect(table.putIfNew(other, at + 1)).toBe(0);
  for (const [at, other] of others.entries()) expect(table.putIfNew(other, 99)).toBe(at + 1);
});

test('texts that differ in one letter, or in their length, have other keys; those of another list are others again', () => {
  const [keys, others] = [createTextKeys(), createTextKeys()];
  const codes = [...randomBytes(2048)].map((byte) => (byte & 0x7f) | 1);
  const seen = new Set<string>();
  const note = (text: string) => seen.add(JSON.stringify(keyOf(keys, text)));
  const text = String.fromCharCode(...codes);
  for (let to = 0; to <= text.length; to++) note(text.slice(0, to));
  for (const [at, code] of codes.entries()) {
    note(text.slice(0, at) + String.fromCharCode(code ^ 2) + text.slice(at + 1));
  }
  expect(seen.size).toBe(2 * text.length + 1);
  expect(keyOf(others, text.slice(0, 9))).not.toEqual({ ...keyOf(keys, text.slice(0, 9)) });
});

test('a text without one of its letters has the key of what is left', () => {
  const keys = createTextKeys();
  const text = 'https://a.com/b/?c';
  for (let without = 0; without < text.length; without++) {
    const expected = { ...keyOf(keys, text.slice(0, without) + text.slice(without + 1)) };
    expect(keys.of(text, { from: 0, to: text.length, without })).toEqual(expected);
  }
});

test('keys that differ in their second part alone are counted, whatever stands between them', () => {
  const table = new KeyTable();
  const key = { a: 5, b: 0, c: 9 };
  for (let at = 0; at < 8_000; at++) {
    table.putIfNew({ a: at % 64, b: at, c: at }, 1);
    if (at % 100 !== 0) continue;
    expect(table.putIfNew({ ...key, b: at }, at + 1)).toBe(0);
    expect(table.alike).toBe(at / 100);
    expect(table.firstAlike).toBe(at === 0 ? 0 : 1);
  }
});

test('lines and numbers of one key have nothing to do with each other', () => {
  const key = fc.record({ a: fc.constantFrom(0, 1, -1), b: fc.nat(3), c: fc.constantFrom(0, -5) });
  const steps = fc.array(fc.tuple(fc.boolean(), key), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (all) => {
      const table = new KeyTable();
      const [lines, numbers] = [new Map<string, number>(), new Map<string, number>()];
      for (const [at, [numbered, { a, b, c }]] of all.entries()) {
        const name = `${a} ${c} ${b}`;
        if (numbered) {
          expect(table.number({ a, b, c }, at)).toBe(numbers.get(name) ?? at);
          if (!numbers.has(name)) numbers.set(name, at);
          continue;
        }
        const alike = [...lines].filter(([other]) => other.startsWith(`${a} ${c} `)).map(([, line]) => line);
        expect(table.putIfNew({ a, b, c }, at + 1)).toBe(lines.get(name) ?? 0);
        if (lines.has(name)) continue;
        expect([table.alike, table.firstAlike]).toEqual([alike.length, alike[0] ?? 0]);
        lines.set(name, at + 1);
      }
      expect(table.lines).toBe(lines.size);
    }),
  );
});

test('keys at the end of the index go on at its beginning, also when it grows', () => {
  const table = new KeyTable();
  const keys = Array.from({ length: 40_000 }, (_, at) => ({ a: -1 - (at % 3), b: at, c: at }));
  const some = keys.filter((_, at) => at % 200 === 0);
  for (const [at, key] of some.entries()) expect(table.putIfNew(key, at + 1)).toBe(0);
  for (let at = 0; at < keys.length; at++) table.putIfNew({ a: Math.imul(at, 2_654_435_761), b: at, c: -1 }, 1);
  for (const [at, key] of some.entries()) expect(table.putIfNew(key, 99)).toBe(at + 1);
});
