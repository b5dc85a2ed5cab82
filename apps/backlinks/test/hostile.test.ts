import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { tries } from '../../../e2e/env.js';
import { QueryTimeout } from '../src/graph/statements.js';
import { serveAllTests } from './serve-tests.js';
import { call, MEANS, openSmallGraph, resultOf, startServer } from './support.js';

const server = serveAllTests({ settings: { max_in_flight: 1000 } });

/** What a task ends with: its code, its message, what it cost. */
async function outcomeOf(name: string, fields: object) {
  const envelope = await call(server, name, { target: 'forbes.com', limit: 3, ...fields });
  const [task] = envelope.tasks ?? [];
  return { code: task?.status_code, message: task?.status_message, cost: task?.cost };
}

/** RE2 makes a large program of this pattern, and takes its time over each text. */
const SLOW = ['meta.title', 'regex', `(${'(x+x+)+|'.repeat(100)}y){1,50}$`];

const refused = (field: string) => ({ code: 40501, message: `Invalid Field: '${field}'.`, cost: 0 });
const nested = (depth: number, inner: unknown) => {
  let filter = inner;
  for (let level = 0; level < depth; level++) filter = [filter];
  return filter;
};

describe('filters', () => {
  test.each([
    ['a pattern that only a backtracking engine takes', ['meta.title', 'regex', '(?=a)b']],
    ['a pattern with a group that is not closed', ['meta.title', 'regex', '(']],
    ['a pattern that repeats beyond what RE2 compiles', ['meta.title', 'not_regex', '((a{900}){900}){900}']],
    ['a pattern of 1,001 characters', ['meta.title', 'regex', 'a'.repeat(1001)]],
    ['deep nesting', nested(17, ['meta.title', '=', 'a'])],
    ['nine conditions', Array.from({ length: 17 }, (_, i) => (i % 2 === 0 ? ['size', '>', i] : 'or'))],
    ['a long list of values', ['size', 'in', Array.from({ length: 1001 }, (_, i) => i)]],
    ['no list of values', ['size', 'in', 5]],
    ['an empty list of values', ['size', 'in', []]],
    ['a field that is none', ['nothing', '=', 1]],
    ['a name of every object', ['__proto__', '=', 1]],
    ['a name of every map', ['constructor.name', '=', 1]],
    ['SQL for a field', ['size) OR (1=1', '=', 1]],
    ['SQL for an operator', ['size', '= 0 OR size', 1]],
    ['an operator of another type', ['size', 'like', '%1%']],
    ['a text for a number', ['size', '>', 'large']],
    ['a text for a time', ['first_visited', '>', 'yesterday']],
    ['a month that is none', ['first_visited', '>', '2024-13-01']],
    ['a day that is none', ['first_visited', '>', '2026-02-30']],
    ['a day that is none among others', ['first_visited', 'in', ['2024-02-29', '2025-02-29']]],
    ['a pattern with a word that is none', ['meta.title', 'match', '?!']],
    ['null to compare with', ['size', '>', null]],
    ['an object for a value', ['size', '=', { a: 1 }]],
    ['a filter that is a text', 'size > 1'],
    ['a joint that is none', [['size', '>', 1], 'xor', ['size', '<', 2]]],
    ['a joint at the end', [['size', '>', 1], 'and']],
  ])('%s is refused', async (_, filters) => {
    expect(await outcomeOf('domain_pages', { filters })).toEqual(refused('filters'));
  });

  test('nesting too deep to be written again is not read', async () => {
    const filters = `${'['.repeat(100_000)}["size","=",1]${']'.repeat(100_000)}`;
    const answer = await server.post(
      '/v3/backlinks/domain_pages/live',
      `[{"target":"forbes.com","filters":${filters}}]`,
    );
    expect(await answer.json()).toMatchObject({ status_code: 40503, cost: 0 });
  });

  test.each(['ilike', 'not_ilike', 'match', 'not_match', 'has'])('referring_domains has no %s', async (operator) => {
    const filters = ['domain', operator, 'a'];
    expect(await outcomeOf('referring_domains', { filters })).toEqual(refused('filters'));
  });

  test('values are data, whatever they look like', async () => {
    for (const value of ["'; DROP TABLE links; --", '%', '\\', '\0', '$1', '{{x}}', '"', '😀'.repeat(300)]) {
      for (const filters of [
        ['meta.title', '=', value],
        ['meta.title', 'like', value],
        [`meta.social_media_tags.${value}`, '<>', null],
        [`page_summary.referring_links_tld.${value}`, '>', 0],
      ]) {
        expect(await outcomeOf('domain_pages', { filters }), JSON.stringify(filters)).toMatchObject({ code: 20000 });
      }
    }
    expect((await resultOf(server, 'domain_pages', { target: 'forbes.com' })).total_count).toBeGreaterThan(0);
  });

  test('anything at all is answered or refused, never failed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.jsonValue({ maxDepth: 4 }),
        fc.constantFrom('filters', 'backlinks_filters'),
        async (value, field) => {
          const { code } = await outcomeOf('domain_pages_summary', { [field]: value });
          expect([20000, 40501]).toContain(code);
        },
      ),
      { numRuns: tries(15) },
    );
  });
});

test('a target that is no text, or no name at all, is refused', async () => {
  for (const target of ['https://forbes.com/\ud800', '\udfff.com', '', ' forbes.com', '"', '[', "a'b.com"]) {
    const outcome = await outcomeOf('bulk_backlinks', { target: undefined, limit: undefined, targets: [target] });
    expect(outcome, JSON.stringify(target)).toEqual(refused('targets'));
  }
});

describe('sorting and paging', () => {
  test.each([
    [['size']],
    [['size,down']],
    [['nothing,asc']],
    [['meta.h1,asc']],
    [['size,asc', 'page,asc', 'domain,asc', 'server,asc']],
    [['size,asc; DROP TABLE links']],
    ['size,asc'],
    [[5]],
  ])('order_by %j is refused', async (order_by) => {
    expect(await outcomeOf('domain_pages', { order_by })).toEqual(refused('order_by'));
  });

  test.each([
    ['limit', 0],
    ['limit', 1001],
    ['offset', -1],
    ['offset', 1.5],
    ['offset', '5'],
    ['internal_list_limit', 1001],
    ['backlinks_status_type', 'dead'],
    ['rank_scale', 'one'],
    ['include_subdomains', 'yes'],
  ])('%s: %j is refused', async (field, value) => {
    expect(await outcomeOf('domain_pages', { [field]: value })).toEqual(refused(field));
  });

  test('an offset past every end gives no items and the length of the whole', async () => {
    const task = { target: 'forbes.com', offset: Number.MAX_SAFE_INTEGER };
    const { total_count, items_count, items } = await resultOf(server, 'domain_pages', task);
    expect({ items_count, items }).toEqual({ items_count: 0, items: null });
    expect(total_count).toBeGreaterThan(0);
  });
});

describe('time', () => {
  test('calls with slow patterns leave room for another', async () => {
    let answered = 0;
    const hostile = Array.from({ length: 10 }, async () => {
      const outcome = await outcomeOf('domain_pages', { filters: SLOW });
      answered++;
      return outcome;
    });
    const plain = await outcomeOf('bulk_backlinks', { target: undefined, limit: undefined, targets: ['forbes.com'] });
    expect({ code: plain.code, before: answered < hostile.length }).toEqual({ code: 20000, before: true });
    for (const { code } of await Promise.all(hostile)) expect([20000, 40501]).toContain(code);
  });

  test('a query that takes too long is given up, and the next one runs', async () => {
    const impatient = await openSmallGraph({ ...MEANS, queryTimeoutMs: 300 });
    const count = z.object({ n: z.number() });
    const endless = 'SELECT count(*)::DOUBLE AS n FROM links a, links b, links c WHERE a.anchor < b.anchor || c.anchor';
    await expect(impatient.row(endless, {}, count)).rejects.toThrow(QueryTimeout);
    expect(await impatient.row('SELECT 1::DOUBLE AS n', {}, count)).toEqual({ n: 1 });
    impatient.close();
  });

  test('a task that takes too long says so and costs nothing', async () => {
    const impatient = await openSmallGraph({ ...MEANS, queryTimeoutMs: 50 });
    const hasty = await startServer(impatient);
    const filters = Array.from({ length: 15 }, (_, i) => (i % 2 === 0 ? SLOW : 'or'));
    const { tasks } = await call(hasty, 'domain_pages', { target: 'forbes.com', filters });
    expect(tasks?.[0]).toMatchObject({ status_code: 50401, cost: 0, result: null });
    await hasty.stop();
    impatient.close();
  });
});
