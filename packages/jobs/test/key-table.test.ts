import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KeyTable } from '../src/submit/key-table.js';
import { createTextKeys } from '../src/submit/text-key.js';

const COUNT = 60_000;

test('a table holds what a map would hold, whatever it has grown to', () => {
  const [firsts, counts] = [new KeyTable(), new KeyTable()];
  const [lineOf, countOf] = [new Map<string, number>(), new Map<string, number>()];
  const keys = createTextKeys();
  for (let line = 1; line <= COUNT; line++) {
    const text = `domain${(line * 7919) % (COUNT / 2)}.com`;
    const bytes = Buffer.from(`x${text}x`);
    expect(firsts.putIfNew(keys.of(bytes, { from: 1, to: bytes.length - 1 }), line)).toBe(lineOf.get(text) ?? 0);
    if (!lineOf.has(text)) lineOf.set(text, line);
    const group = text.slice(0, 7);
    counts.count(keys.of(Buffer.from(group), { from: 0, to: group.length }));
    countOf.set(group, (countOf.get(group) ?? 0) + 1);
  }
  expect(firsts.lines).toBe(lineOf.size);
  expect([...firsts.counts()]).toEqual([]);
  expect(counts.lines).toBe(0);
  expect([...counts.counts()].sort((a, b) => a - b)).toEqual([...countOf.values()].sort((a, b) => a - b));
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
  const text = Buffer.from(randomBytes(2048).map((byte) => byte | 1));
  const seen = new Set<string>();
  const note = (bytes: Buffer, to: number) => seen.add(JSON.stringify(keys.of(bytes, { from: 0, to })));
  for (let to = 0; to <= text.length; to++) note(text, to);
  for (let at = 0; at < text.length; at++) {
    const changed = Buffer.from(text);
    changed[at] = (text[at] ?? 0) ^ 2;
    note(changed, text.length);
  }
  expect(seen.size).toBe(2 * text.length + 1);
  expect(others.of(text, { from: 0, to: 9 })).not.toEqual({ ...keys.of(text, { from: 0, to: 9 }) });
});

test('a text without one of its letters has the key of what is left', () => {
  const keys = createTextKeys();
  const text = Buffer.from('https://a.com/b/?c');
  for (let without = 0; without < text.length; without++) {
    const left = Buffer.concat([text.subarray(0, without), text.subarray(without + 1)]);
    const expected = { ...keys.of(left, { from: 0, to: left.length }) };
    expect(keys.of(text, { from: 0, to: text.length, without })).toEqual(expected);
  }
});

test('keys that differ in their second part alone are counted, whatever stands between them', () => {
  const table = new KeyTable();
  const key = { a: 5, b: 0, c: 9 };
  for (let at = 0; at < 20_000; at++) {
    table.putIfNew({ a: at % 64, b: at, c: at }, 1);
    if (at % 100 !== 0) continue;
    expect(table.putIfNew({ ...key, b: at }, 1)).toBe(0);
    expect(table.alike).toBe(at / 100);
  }
});

test('lines and counts of one key have nothing to do with each other', () => {
  const key = fc.record({ a: fc.constantFrom(0, 1, -1), b: fc.nat(3), c: fc.constantFrom(0, -5) });
  const steps = fc.array(fc.tuple(fc.boolean(), key), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (all) => {
      const table = new KeyTable();
      const [lines, counts] = [new Map<string, number>(), new Map<string, number>()];
      for (const [at, [counted, { a, b, c }]] of all.entries()) {
        const name = `${a} ${c} ${b}`;
        if (counted) {
          table.count({ a, b, c });
          counts.set(name, (counts.get(name) ?? 0) + 1);
          continue;
        }
        const alike = [...lines.keys()].filter((other) => other.startsWith(`${a} ${c} `)).length;
        expect(table.putIfNew({ a, b, c }, at + 1)).toBe(lines.get(name) ?? 0);
        if (lines.has(name)) continue;
        expect(table.alike).toBe(alike);
        lines.set(name, at + 1);
      }
      expect(table.lines).toBe(lines.size);
      expect([...table.counts()].sort()).toEqual([...counts.values()].sort());
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
