import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENDPOINTS, membersOf, requestOf, rowNormaliser, type SetEndpoint } from '../src/index.js';

const sets: SetEndpoint = { ...ENDPOINTS.domain_intersection, maxTargets: 3, maxExcluded: 2 };
const normalise = rowNormaliser(sets, { as: 'given', keepWww: false });

const names = Array.from({ length: 6 }, (_, at) => `site${at}.com`);
const member = fc.constantFrom(...names);
const set = fc
  .uniqueArray(member, { minLength: 1, maxLength: 5 })
  .chain((members) => fc.nat(2).map((excluded) => ({ members, excluded: Math.min(excluded, members.length - 1) })))
  .map(({ members, excluded }) => ({
    targets: members.slice(excluded).slice(0, 3),
    excluded: members.slice(0, excluded),
  }));

describe('a row that is a set', () => {
  it('keeps its targets in order, and sorts the excluded ones, wherever they stand', () => {
    const places = fc.infiniteStream(fc.nat());
    fc.assert(
      fc.property(set, places, fc.constantFrom(' ', '\t', '  '), ({ targets, excluded }, keys, space) => {
        const mixed = [...targets];
        for (const one of excluded) mixed.splice(keys.next().value % (mixed.length + 1), 0, `-${one}`);
        const normal = normalise(mixed.join(space));
        const target = [...targets, ...excluded.toSorted().map((one) => `-${one}`)].join(' ');
        expect(normal).toMatchObject({ ok: true, kind: 'set', target });
        expect(normalise(target)).toEqual(normal);
        expect(membersOf(target)).toEqual({ targets, excluded: excluded.toSorted() });
      }),
    );
  });

  it('is another question in another order', () => {
    const [one, other] = [normalise('a.com b.com'), normalise('b.com a.com')];
    expect(one.ok && other.ok && one.target !== other.target).toBe(true);
  });

  it.each([
    ['pages and hosts', 'https://WWW.a.com/x www.b.com', 'https://www.a.com/x b.com'],
    ['one target', 'a.com', 'a.com'],
    ['a page prefix that is excluded', 'a.com -https://b.com/x/*', 'a.com -https://b.com/x/*'],
  ])('may hold %s', (_, row, target) => {
    expect(normalise(row)).toMatchObject({ ok: true, target });
  });

  it.each([
    ['no target', '-a.com', 'no_target_in_set'],
    ['nothing', ' ', 'malformed'],
    ['too many targets', 'a.com b.com c.com d.com', 'too_many_targets'],
    ['too many excluded ones', 'a.com -b.com -c.com -d.com', 'too_many_exclusions'],
    ['a target twice', 'a.com www.a.com', 'repeated_target'],
    ['a target that it excludes', 'a.com b.com -a.com', 'repeated_target'],
    ['something that is no target', 'a.com 13', 'single_label'],
  ])('is invalid with %s', (_, row, code) => {
    expect(normalise(row)).toEqual({ ok: false, code });
  });

  it('is sent as a map by number', () => {
    const accepts = (task: object) => requestOf(sets).safeParse(task).success;
    expect(accepts({ targets: { 1: 'a.com', 2: 'b.com' }, exclude_targets: ['c.com'] })).toBe(true);
    for (const targets of [{}, { 1: 'a', 2: 'b', 3: 'c', 4: 'd' }, ['a.com'], { 1: '' }, { x: 'a.com' }]) {
      expect(accepts({ targets }), JSON.stringify(targets)).toBe(false);
    }
    expect(accepts({ targets: { 1: 'a.com' }, exclude_targets: ['a', 'b', 'c'] })).toBe(false);
  });
});
