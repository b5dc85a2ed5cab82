import type { Change } from '@linkhaul/schemas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fieldsByUse, moveOf, type Order, shownChanges } from '../../src/pages/tags/changes.js';

function changeOf(part: Partial<Change> & Pick<Change, 'change'>): Change {
  return {
    key: { target: 'a.com' },
    id: null,
    line: 1,
    input: 'a.com',
    before: null,
    after: null,
    delta: null,
    ...part,
  };
}
const gained = changeOf({ change: 'new', after: { rank: 7 } });
const lost = changeOf({ change: 'lost', before: { rank: 9 } });
const rose = changeOf({ change: 'changed', before: { rank: 1 }, after: { rank: 3 }, delta: { rank: 2 } });
const unknown = changeOf({ change: 'unknown', before: { rank: 4 } });
const removed = changeOf({ change: 'removed', before: { rank: 90 } });
const all = [removed, unknown, rose, lost, gained];
const every = { kinds: new Set<Change['change']>(), text: '', field: 'rank' };

test('what is new rose from nothing and what is lost fell to nothing; what was not sent again did neither', () => {
  expect(all.map((change) => moveOf(change, 'rank'))).toEqual([null, null, 2, -9, 7]);
  expect(moveOf(rose, 'backlinks')).toBeNull();
});

test('gains and losses come first, in each order', () => {
  const shown = (order: Order) => shownChanges(all, { ...every, order });
  expect(shown('largest')).toEqual([lost, gained, rose, unknown, removed]);
  expect(shown('gains')).toEqual([gained, rose, lost, unknown, removed]);
  expect(shown('losses')).toEqual([lost, gained, rose, unknown, removed]);
  expect(shown('list')).toEqual(all);
});

test('a kind and a part of a target, page or id choose changes', () => {
  const page = changeOf({ change: 'new', key: { target: 'a.com', page: 'https://A.com/Shop' }, id: 'x-1' });
  const chosen = (text: string) => shownChanges([page, lost], { ...every, order: 'list', text });
  expect(chosen('shop')).toEqual([page]);
  expect(chosen('X-1')).toEqual([page]);
  expect(shownChanges(all, { ...every, order: 'list', kinds: new Set(['lost', 'new']) })).toEqual([lost, gained]);
});

test('no order loses a change or makes one up', () => {
  const changes = fc.array(
    fc.record({
      change: fc.constantFrom(...(['new', 'lost', 'changed', 'same', 'unknown', 'removed'] as const)),
      by: fc.integer(),
    }),
  );
  fc.assert(
    fc.property(changes, fc.constantFrom<Order>('largest', 'gains', 'losses', 'list'), (list, order) => {
      const given = list.map(({ change, by }) =>
        changeOf({ change, before: { rank: by }, after: { rank: by }, delta: { rank: by } }),
      );
      const shown = shownChanges(given, { ...every, order });
      expect(new Set(shown)).toEqual(new Set(given));
      expect(shown).toHaveLength(given.length);
    }),
  );
});

test('the fields that differ most often come first', () => {
  const changes = [rose, rose, changeOf({ change: 'changed', delta: { backlinks: 1, other: 5 } })];
  expect(fieldsByUse(['never', 'backlinks', 'rank'], changes)).toEqual(['rank', 'backlinks', 'never']);
});
