import { describe, expect, it } from 'vitest';
import { type EndpointName, endpointOf, requestOf } from '../src/index.js';
import { OPERATORS_OF_ALL, OPERATORS_OF_PAGES } from './facts.js';

/** What a request with these fields is refused for, each as `path: message`; empty when it is taken. */
function problems(name: EndpointName, fields: object): string[] {
  const parsed = requestOf(endpointOf(name)).safeParse({ ...aimOf(name), ...fields });
  return parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

function aimOf(name: EndpointName): object {
  return endpointOf(name).kind === 'set' ? { targets: { 1: 'example.com' } } : { target: 'example.com' };
}

const conditions = (count: number) =>
  Array.from({ length: count }, (_, index) => ['rank', '>', index])
    .flatMap((one) => [one, 'and'])
    .slice(0, -1);

function nested(depth: number): unknown {
  let filter: unknown = ['rank', '>', 1];
  for (let level = 0; level < depth; level++) filter = [filter];
  return filter;
}

describe('filters that are taken', () => {
  it.each([
    ['domain_pages', ['meta.internal_links_count', '>', '1']],
    ['domain_pages', [['page_summary.backlinks', '>', 5], 'and', ['page', 'like', '%sites%']]],
    ['domain_pages', [['meta.external_links_count', '>', '2'], 'and', ['page_summary.backlinks', '>', '10']]],
    [
      'domain_pages',
      [
        ['first_visited', '>', '2017-10-23 11:31:45 +00:00'],
        'and',
        [['meta.title', 'like', '%seo%'], 'or', ['page_summary.referring_domains', '>', '10']],
      ],
    ],
    ['domain_pages', ['meta.technologies.cms', '=', 'wordpress']],
    ['domain_intersection', [['1.backlinks', '>', 5], 'and', ['20.referring_links_tld.com', '>', 1]]],
    ['domain_intersection', ['intersections_count', '=', 2]],
    ['page_intersection', ['2.domain_from_rank', '>', 100]],
    ['domain_pages_summary', ['referring_links_types.anchors', '>', '1']],
    ['referring_domains', ['referring_pages', '>', '1']],
    ['referring_domains', ['backlinks', '>', 100]],
    ['referring_domains', ['domain', 'in', ['a.com', 'b.com']]],
    ['referring_domains', ['lost_date', '=', null]],
    ['referring_domains', conditions(8)],
  ] satisfies [EndpointName, unknown][])('%s: %j', (name, filters) => {
    expect(problems(name, { filters })).toEqual([]);
  });

  it.each([[['dofollow', '=', true]], [[['dofollow', '=', true]]]])('backlinks_filters: %j', (filters) => {
    expect(problems('domain_pages', { backlinks_filters: filters })).toEqual([]);
  });

  it.each(['backlinks,desc', 'rank,asc', 'referring_links_tld.com,desc'])('order_by: %s', (rule) => {
    expect(problems('domain_pages_summary', { order_by: [rule] })).toEqual([]);
  });
});

describe('a field name that is near another', () => {
  it.each([
    ['domain_pages', 'backlinks', 'page_summary.backlinks'],
    ['domain_pages', 'title', 'meta.title'],
    ['domain_pages', 'referring_domains', 'page_summary.referring_domains'],
    ['domain_pages', 'referring_links_tld.com', 'page_summary.referring_links_tld.com'],
    ['domain_pages', 'referring_links_tld', 'page_summary.referring_links_tld.<key>'],
    ['domain_pages_summary', 'backlink', 'backlinks'],
    ['domain_pages_summary', 'referring ips', 'referring_ips'],
    ['referring_domains', 'referring_links_tld', 'referring_links_tld.<key>'],
    ['referring_domains', 'refering_links_tld', 'referring_links_tld.<key>'],
  ] satisfies [EndpointName, string, string][])('%s: %s, did you mean %s?', (name, typed, meant) => {
    const message = `field "${typed}" does not exist here, did you mean \`${meant}\`?`;
    expect(problems(name, { filters: [typed, '>', 1] })).toEqual([`filters: ${message}`]);
    expect(problems(name, { order_by: ['rank,desc', `${typed},desc`] })).toContain(`order_by.1: ${message}`);
  });

  it('is not guessed at when nothing is near', () => {
    expect(problems('domain_pages', { filters: ['zzzzzzzz', '>', 1] })).toEqual([
      'filters: field "zzzzzzzz" does not exist here',
    ]);
  });
});

describe('operators', () => {
  it('every endpoint has those of all', () => {
    for (const operator of OPERATORS_OF_ALL) {
      const value = operator.endsWith('in') ? ['a'] : 'a';
      expect(problems('referring_domains', { filters: ['domain', operator, value] }), operator).toEqual([]);
    }
  });

  it.each(OPERATORS_OF_PAGES)('only the page lists have %s', (operator) => {
    expect(problems('domain_pages', { filters: ['page', operator, 'a'] })).toEqual([]);
    expect(problems('domain_pages_summary', { filters: ['url', operator, 'a'] })).toEqual([]);
    expect(problems('referring_domains', { filters: ['domain', operator, 'a'] })[0]).toContain(
      `operator "${operator}" is not one of`,
    );
  });

  it('in takes a list, the others one value', () => {
    expect(problems('referring_domains', { filters: ['domain', 'in', 'a'] })).toEqual([
      'filters: "in" takes a list of values',
    ]);
    expect(problems('referring_domains', { filters: ['domain', 'in', []] })).toEqual([
      'filters: "in" takes a list of values',
    ]);
    expect(problems('referring_domains', { filters: ['rank', '=', [1]] })).toEqual(['filters: "=" takes one value']);
  });
});

describe('the shape of a filter', () => {
  const noCondition =
    'filters: must be a condition ["field", "operator", value], or conditions joined by "and" or "or"';

  it.each([
    [[], noCondition],
    [[[]], noCondition],
    [[1], noCondition],
    [['rank', '>'], 'filters: the condition on "rank" must have a field, an operator and a value'],
    [
      [
        ['rank', '>', 1],
        ['rank', '<', 9],
      ],
      'filters: needs "and" or "or" between two conditions, not a list',
    ],
    [[['rank', '>', 1], 'xor', ['rank', '<', 9]], 'filters: needs "and" or "or" between two conditions, not "xor"'],
    [[['rank', '>', 1], 'and'], 'filters: ends with "and", a condition must follow'],
    [conditions(9), 'filters: has more than 8 conditions, at most 8 are allowed'],
    [nested(20), 'filters: is nested more than 16 deep'],
  ])('%j', (filters, problem) => {
    expect(problems('referring_domains', { filters })).toEqual([problem]);
  });

  it('costs little to refuse, however large it is', () => {
    const wrong = Array.from({ length: 50_000 }, () => ['bcklinks', '?', {}]).flatMap((one) => [one, 'and']);
    expect(problems('referring_domains', { filters: wrong }).length).toBeLessThan(30);
    expect(problems('referring_domains', { filters: nested(50_000) })).toHaveLength(1);
    expect(problems('referring_domains', { filters: ['rank', nested(50_000), 1] })).toHaveLength(1);
    expect(problems('referring_domains', { order_by: wrong.map(() => 'bcklinks,desc') }).length).toBeLessThan(5);
  });
});

describe('order_by', () => {
  it('holds 1 to 3 rules of a field and a direction', () => {
    expect(problems('referring_domains', { order_by: ['rank,asc', 'backlinks,desc', 'domain,asc'] })).toEqual([]);
    expect(problems('referring_domains', { order_by: [] })).toHaveLength(1);
    expect(problems('referring_domains', { order_by: ['rank,asc', 'rank,asc', 'rank,asc', 'rank,asc'] })).toHaveLength(
      1,
    );
  });

  it.each(['rank', 'rank,down', 'rank,asc,desc', 'rank, asc', ''])('refuses %j', (rule) => {
    expect(problems('referring_domains', { order_by: [rule] })[0]).toContain('such as "backlinks,desc"');
  });
});
