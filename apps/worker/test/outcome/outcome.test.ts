import { ENDPOINTS } from '@linkhaul/schemas';
import { EMPTY_TARGET, MISSING_TARGET, type PlannedTarget } from '@linkhaul/storage';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tries } from '../../../../e2e/env.js';
import { bulkOutcome, countBulk, emptyBulk } from '../../src/outcome/bulk-outcome.js';
import { type EarlierPages, listOutcome, pageRequest } from '../../src/outcome/list-outcome.js';

const { bulk_backlinks, bulk_pages_summary, domain_pages, referring_domains, summary } = ENDPOINTS;

function call(targets: readonly string[], rowsEach = 1) {
  let line = 0;
  const row = () => ({ line: ++line, input: '', id: null });
  const planned = targets.map(
    (target): PlannedTarget => ({
      target,
      kind: 'domain',
      rows: [row(), ...Array.from({ length: rowsEach - 1 }, row)],
    }),
  );
  return { call: 1, targets: planned };
}

describe('bulk answers', () => {
  it('finds every target in any order of the items', () => {
    const names = fc.uniqueArray(
      fc.integer({ min: 1, max: 5000 }).map((n) => `site-${n}.com`),
      { minLength: 1, maxLength: 60 },
    );
    fc.assert(
      fc.property(names, fc.infiniteStream(fc.nat()), (targets, keys) => {
        const order = targets.map((target) => ({ target, key: keys.next().value })).sort((a, b) => a.key - b.key);
        const outcome = bulkOutcome(
          bulk_backlinks,
          call(targets),
          order.map(({ target }) => ({ target })),
        );
        expect(outcome.kind === 'bulk' && outcome.items.map((at) => order[at]?.target)).toEqual(targets);
      }),
    );
  });

  it('matches the exact name first, then the normal form', () => {
    const targets = call(['example.com', 'https://other.com/a']);
    const echoed = [{ url: 'https://other.com/a/' }, { url: 'https://www.example.com/' }, { url: 'example.com' }];
    expect(bulkOutcome(bulk_pages_summary, targets, echoed)).toEqual({ kind: 'bulk', items: [2, 0] });
  });

  it('distinguishes a target that was left out from an answer without items', () => {
    expect(bulkOutcome(bulk_backlinks, call(['a.com', 'b.com']), [null, { target: 'b.com' }, 'a.com', 5])).toEqual({
      kind: 'bulk',
      items: [MISSING_TARGET, 1],
    });
    expect(emptyBulk(call(['a.com']))).toEqual({ kind: 'bulk', items: [EMPTY_TARGET] });
  });

  it('counts every row of a target, and each item once', () => {
    const counts = countBulk(call(['a.com', 'b.com', 'c.com'], 2), [0, EMPTY_TARGET, MISSING_TARGET]);
    expect(counts).toEqual({ ok: 2, empty: 2, failed: 2, items: 1 });
  });
});

describe('list answers', () => {
  const planned = (offset: number, more = {}) => ({ offset, limit: 1000, wanted: 1000, byToken: false, ...more });
  const page = (items: number, total?: number) => ({
    planned: planned(0),
    limit: 1000,
    number: 0,
    elements: Array.from({ length: items }, (_, at): unknown => ({ page: `https://a.com/${at}` })),
    totalCount: total ?? null,
    token: null,
    cost: 5,
    earlier: { items: 0, cost: 0 },
    maxItems: 5000,
  });

  it('goes on after a full page', () => {
    expect(listOutcome(domain_pages, page(1000, 1500))).toMatchObject({
      status: null,
      itemsSoFar: 1000,
      truncated: null,
    });
  });

  it('ends at a short page, and at the total count if that counts items', () => {
    expect(listOutcome(domain_pages, page(400, 1500))).toMatchObject({ status: 'ok' });
    expect(listOutcome(domain_pages, page(1000, 1000))).toMatchObject({ status: 'ok', truncated: null });
    expect(listOutcome(referring_domains, page(1000, 1000))).toMatchObject({ status: null });
  });

  it('ends at the item limit, and says that there was more', () => {
    expect(listOutcome(domain_pages, { ...page(1000, 1500), maxItems: 1000 })).toMatchObject({
      status: 'ok',
      truncated: 'max_items',
    });
    expect(listOutcome(domain_pages, { ...page(1000, 1000), maxItems: 1000 })).toMatchObject({
      status: 'ok',
      truncated: null,
    });
  });

  it('is empty only when no page had an item', () => {
    const last = { ...page(0), planned: planned(1000), earlier: { items: 1000, cost: 7 } };
    expect(listOutcome(referring_domains, page(0))).toMatchObject({ status: 'empty', items: 0 });
    expect(listOutcome(referring_domains, last)).toMatchObject({ status: 'ok', itemsSoFar: 1000, costSoFar: 12 });
  });

  it('counts an element that is no item for its page but not for its row', () => {
    const elements = [null, 'x', ...page(998).elements];
    const first = listOutcome(domain_pages, { ...page(0), elements });
    expect(first).toMatchObject({ status: null, items: 998, itemsSoFar: 998, strays: 2 });
    const all = { ...page(1000, 2000), number: 1, planned: planned(1000) };
    const last = listOutcome(domain_pages, { ...all, earlier: { items: 998, cost: 5, strays: 2 } });
    expect(last).toMatchObject({ status: 'ok', itemsSoFar: 1998, strays: 2, truncated: null });
  });

  it('fails when pages repeat in a cycle, after a few rounds', () => {
    const shapes = fc.record({ before: fc.nat(20), circle: fc.integer({ min: 1, max: 20 }) });
    fc.assert(
      fc.property(shapes, ({ before, circle }) => {
        const given = (number: number) => (number < before ? number : before + ((number - before) % circle));
        const pages = pagesUntilFailed(given);
        expect(pages).toBeGreaterThanOrEqual(before + circle);
        expect(pages).toBeLessThanOrEqual(4 * (before + circle) + 2);
      }),
      { numRuns: tries(10) },
    );
  });

  /** How many full pages a row takes if the upstream gives the page `given(number)`. */
  function pagesUntilFailed(given: (number: number) => number): number {
    let earlier: EarlierPages = { items: 0, cost: 0 };
    for (let number = 0; ; number++) {
      const elements = Array.from({ length: 1000 }, (_, at) => ({ page: `${given(number)}/${at}` }));
      const outcome = listOutcome(domain_pages, { ...page(0), number, elements, earlier, maxItems: 1e9 });
      if (outcome.kind === 'failed') {
        expect(outcome).toMatchObject({ code: 'answer_unreadable', itemsSoFar: 1000 * number });
        return number;
      }
      if (outcome.kind !== 'list') throw new Error('a page is a list');
      const { itemsSoFar: items, costSoFar: cost, mark } = outcome;
      earlier = { items, cost, ...(mark !== undefined && { mark }) };
    }
  }

  it('asks for no more items than the limit leaves', () => {
    const request = (number: number) => pageRequest(domain_pages, { number, from: 0, maxItems: 2500 });
    expect(request(0)).toEqual(planned(0));
    expect(request(2)).toEqual(planned(2000, { limit: 500, wanted: 500 }));
  });

  it('ends with the one answer of an endpoint without pages, which is never cut short', () => {
    const all = pageRequest(summary, { number: 0, from: 0, maxItems: 1 });
    expect(all).toEqual(planned(0, { limit: 1, wanted: 1 }));
    const answer = { ...page(1), planned: all, limit: 1, maxItems: 1 };
    expect(listOutcome(summary, answer)).toMatchObject({ status: 'ok', items: 1, truncated: null });
    expect(listOutcome(summary, { ...answer, elements: [] })).toMatchObject({ status: 'empty', truncated: null });
  });

  describe('by token', () => {
    const endpoint = { ...domain_pages, maxOffset: 20_000 };
    const token = { text: 'of the next page', account: 'a1' };

    it('pages only where a row may need items behind the highest offset, and then always by whole pages', () => {
      const request = (number: number, maxItems: number) => pageRequest(endpoint, { number, from: 0, maxItems });
      expect(request(20, 20_500)).toEqual(planned(20_000, { limit: 500, wanted: 500 }));
      expect(request(20, 21_000)).toEqual(planned(20_000));
      expect(request(0, 21_001)).toEqual(planned(0, { byToken: true }));
      expect(request(21, 21_001)).toEqual(planned(21_000, { byToken: true, wanted: 1 }));
    });

    it('keeps what comes behind the limit, and gives the row no more than its limit', () => {
      const last = { ...page(1000), number: 21, planned: planned(21_000, { byToken: true, wanted: 1 }), token };
      const outcome = listOutcome(endpoint, { ...last, earlier: { items: 21_000, cost: 9 }, maxItems: 21_001 });
      expect(outcome).toMatchObject({ items: 1, itemsSoFar: 21_001, surplus: 999, truncated: 'max_items' });
      expect(outcome).not.toHaveProperty('token');
    });

    it('passes the token on with the page, and fails a row whose token comes twice', () => {
      const first = { ...page(1000), planned: planned(0, { byToken: true }), token };
      expect(listOutcome(endpoint, first)).toMatchObject({ status: null, token });
      const second = { ...first, number: 1, earlier: { items: 998, cost: 5, strays: 2, token } };
      const failed = listOutcome(endpoint, second);
      expect(failed).toMatchObject({ kind: 'failed', itemsSoFar: 998, costSoFar: 10, strays: 2 });
      expect(failed).not.toHaveProperty('token');
      expect(listOutcome(endpoint, { ...first, planned: planned(0) })).not.toHaveProperty('token');
    });
  });
});
