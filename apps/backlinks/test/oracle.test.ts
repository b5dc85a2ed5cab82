import { describe, expect, test } from 'vitest';
import { answersAgree } from './oracle/answers-agree.js';
import { CONSTANT_FIELDS, type FieldList } from './oracle/fields.js';
import { meets } from './oracle/filter.js';
import { serveAllTests } from './serve-tests.js';

answersAgree(serveAllTests({ settings: { balance_usd: 100_000 } }), {
  // Of the chosen pairs a few more divide nothing than of all.
  items: { all: 0.85, some: 0.8 },
  links: 1,
  isRich: true,
  empty: [],
  constant: CONSTANT_FIELDS,
});

describe('the plain implementation reads a filter', () => {
  const known: FieldList = {
    fields: new Map([
      ['name', 'str'],
      ['size', 'num'],
      ['seen', 'time'],
      ['tags', 'array'],
      ['gone', 'str'],
    ]),
    maps: new Map([['page_summary.referring_links_types', 'num']]),
  };
  const item = {
    name: 'Large_House 2',
    size: 10,
    seen: '2024-02-29 00:00:00 +00:00',
    tags: ['blogs', 'cms'],
    gone: null,
    page_summary: { referring_links_types: { anchor: 3 } },
  };
  const [yes, no] = [
    ['size', '=', 10],
    ['size', '=', 9],
  ];

  test.each<[boolean, unknown[]]>([
    [true, [yes, 'or', yes, 'and', no]],
    [false, [[yes, 'or', yes], 'and', no]],
    [true, [[[yes]]]],
    [true, ['size', 'in', [1, '10']]],
    [false, ['size', '<', '9']],
    [true, ['name', '<', 'a']],
    [true, ['name', 'like', 'L%_House%']],
    [false, ['name', 'like', 'Large%House__']],
    [false, ['name', 'like', 'large%']],
    [true, ['name', 'ilike', 'large%']],
    [true, ['name', 'match', '2, HOUSE']],
    [false, ['name', 'match', 'hous']],
    [true, ['name', 'regex', 'H.*\\d$']],
    [true, ['seen', '=', '2024-02-29']],
    [true, ['tags', 'has', 'cms']],
    [true, ['tags', '<>', 'news']],
    [false, ['tags', 'not_like', 'c%']],
    [true, ['gone', '=', null]],
    [false, ['gone', '<>', 'anything']],
    [true, ['referring_links_types.anchors', '=', 3]],
    [false, ['page_summary.referring_links_types.image', '<>', 3]],
  ])('%s: %j', (expected, filter) => {
    expect(meets(item, filter, known)).toBe(expected);
  });
});
