import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest } from '../src/index.js';

const fields = [
  'rank',
  'backlinks',
  'referring_domains',
  'referring_ips',
  'meta.title',
  'page_summary.backlinks',
  'tag',
  'ok',
  'status',
  'failed',
];

describe('nearest', () => {
  it.each([
    ['rnak', 'rank'],
    ['ranks', 'rank'],
    ['referring_domain', 'referring_domains'],
    ['referring ips', 'referring_ips'],
    ['title', 'meta.title'],
    ['meta.titel', 'meta.title'],
    ['tga', 'tag'],
    ['tagg', 'tag'],
    ['stauts', 'status'],
    ['fail', 'failed'],
  ])('%s is near %s', (typed, meant) => {
    expect(nearest(typed, fields)).toBe(meant);
  });

  it('prefers the last part of a dotted name to a likeness', () => {
    expect(nearest('backlinks', ['backlink', 'page_summary.backlinks'])).toBe('page_summary.backlinks');
  });

  it.each([
    '',
    'x',
    'ab',
    'zzz',
    'bad',
    'foo',
    'rxnq',
    'no',
    'k',
    'completely_different',
    'x'.repeat(10_000),
    `rank${'x'.repeat(10_000)}`,
  ])('%.40s is near nothing', (typed) => {
    expect(nearest(typed, fields)).toBeNull();
  });

  it('finds a name through any one typing error', () => {
    const name = fc.constantFrom('rank', 'backlinks', 'referring_domains');
    fc.assert(
      fc.property(name, fc.nat(), fc.string({ maxLength: 1 }), (field, at, typed) => {
        const index = at % field.length;
        expect(
          nearest(field.slice(0, index) + typed + field.slice(index + 1), ['rank', 'backlinks', 'referring_domains']),
        ).toBe(field);
      }),
    );
  });

  it('answers one of the candidates or nothing', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (typed, candidates) => {
        const answer = nearest(typed, candidates);
        if (answer !== null) expect(candidates).toContain(answer);
      }),
    );
  });
});
