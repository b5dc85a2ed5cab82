import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tries } from '../../../e2e/env.js';
import { type NormaliseOptions, normaliseTarget } from '../src/index.js';
import { normaliseOptions, rowTexts } from './hostile.js';

const given: NormaliseOptions = { as: 'given', keepWww: false, acceptsPages: true };

function range(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, at) => String.fromCodePoint(from + at));
}

const INVISIBLE = [
  '\u00ad',
  '\u200b',
  '\u200e',
  '\u200f',
  '\ufeff',
  ...range(0x202a, 0x202e),
  ...range(0x2060, 0x2064),
  ...range(0x2066, 0x2069),
];
const invisible = fc.constantFrom(...INVISIBLE);
const around = fc.string({
  unit: fc.constantFrom(...INVISIBLE, ' ', '\t', '\u00a0', '\u2028', '\u3000'),
  maxLength: 4,
});

describe('marks that show nothing', () => {
  it('change nothing at the ends of a row, whatever it is', () => {
    fc.assert(
      fc.property(fc.tuple(around, rowTexts, around), normaliseOptions, ([before, text, after], options) => {
        expect(normaliseTarget(before + text + after, options)).toEqual(normaliseTarget(text, options));
      }),
      { numRuns: tries(500) },
    );
  });

  it('make a row invalid that has one within', () => {
    const ends = fc.constantFrom('example.com', 'domain:example.com', 'https://example.com/a');
    fc.assert(
      fc.property(ends, invisible, fc.constantFrom('b', '.org', '/?q'), (before, mark, after) => {
        expect(normaliseTarget(before + mark + after, given)).toEqual({ ok: false, code: 'invisible_character' });
      }),
    );
  });

  it('are not those that words and emoji are made of', () => {
    for (const part of ['\u200c', '\u200d', ...range(0xe0020, 0xe007f)]) {
      const page = `https://example.com/a${part}b`;
      expect(normaliseTarget(page, given)).toMatchObject({ kind: 'page', target: encodeURI(page) });
    }
  });

  it('may come in thousands', () => {
    const row = `${' \u200b'.repeat(30_000)}example.com${'\u200e '.repeat(30_000)}`;
    expect(normaliseTarget(row, given)).toMatchObject({ kind: 'domain', target: 'example.com' });
  });
});

describe('a page', () => {
  it('with a second URL behind a separator is several, behind anything else one', () => {
    const separators = [',', ';', '|', '"', ' ', '\t', '\u00a0'];
    const letters = range(0x21, 0x7e).filter((letter) => !['<', '#', '\\'].includes(letter));
    for (const between of [...separators, ...letters]) {
      const row = `https://example.com/a${between}https://example.org/b`;
      const outcome = normaliseTarget(row, given);
      if (separators.includes(between)) expect(outcome).toEqual({ ok: false, code: 'several_urls' });
      else expect(outcome).toMatchObject({ kind: 'page', target: new URL(row).href });
    }
  });

  it.each([
    ['https://example.com/?q="a"', 'https://example.com/?q=%22a%22'],
    ['https://example.com/a"b', 'https://example.com/a%22b'],
    ['https://example.com/a>b', 'https://example.com/a%3Eb'],
    ['https://example.com/a#b>', 'https://example.com/a'],
    ['https://example.com/%3Cb%3E', 'https://example.com/%3Cb%3E'],
    ['https://web.archive.org/web/2020/https://example.com/', 'https://web.archive.org/web/2020/https://example.com/'],
  ])('%s is %s', (row, target) => {
    expect(normaliseTarget(row, given)).toMatchObject({ kind: 'page', target });
  });
});
