import { describe, expect, it } from 'vitest';
import { endpointName, endpointOf, RESERVED_PARAMS, requestOf, submission, tag } from '../src/index.js';

const accepts = (fields: object) => submission.safeParse({ endpoint: 'bulk_backlinks', ...fields }).success;
const pairs = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, 'value']));

describe('a submission', () => {
  it('needs an endpoint only; the rest has defaults', () => {
    expect(submission.parse({ endpoint: 'domain_pages' })).toEqual({
      endpoint: 'domain_pages',
      params: {},
      metadata: {},
      max_items_per_target: 1000,
      on_budget: 'pause',
      on_invalid: 'skip',
      on_overlap: 'allow',
      start: 'auto',
      target_as: 'given',
      keep_www: false,
    });
    expect(submission.safeParse({}).success).toBe(false);
  });

  it('keeps every field as it was given', () => {
    const full = {
      endpoint: 'referring_domains',
      params: { rank_scale: 'one_hundred' },
      tag: 'weekly',
      metadata: { team: 'seo', note: '' },
      max_items_per_target: 5,
      max_cost_usd: 0.000036001,
      on_budget: 'finish',
      deadline: '2030-01-01T00:00:00+02:00',
      on_invalid: 'reject',
      on_overlap: 'reject',
      retention_days: 7,
      expect_rows: 10,
      start: 'manual',
      target_as: 'domain',
      keep_www: true,
      webhook: { url: 'https://example.com/hook', events: ['job.completed'] },
    };
    expect(submission.parse(full)).toEqual(full);
  });

  it('has no unknown fields, at no level', () => {
    for (const field of ['targets', 'tags', 'callback']) {
      expect(accepts({ [field]: 1 }), field).toBe(false);
    }
    expect(accepts({ webhook: { url: 'https://example.com/', secret: 's' } })).toBe(false);
  });

  it.each([
    { endpoint: 'links' },
    { max_items_per_target: 0 },
    { max_items_per_target: 1.5 },
    { max_cost_usd: 0 },
    { max_cost_usd: -1 },
    { max_cost_usd: 1_000_001 },
    { max_cost_usd: Number.NaN },
    { max_cost_usd: '1' },
    { max_cost_usd: null },
    { on_budget: 'stop' },
    { deadline: 'tomorrow' },
    { deadline: '2030-01-01' },
    { expect_rows: 0 },
    { on_invalid: 'ignore' },
    { start: 'later' },
    { target_as: 'page' },
    { keep_www: 'true' },
    { params: [] },
    { webhook: { url: 'ftp://example.com/' } },
    { webhook: { url: 'example.com/hook' } },
    { webhook: { url: `https://example.com/${'a'.repeat(2048)}` } },
    { webhook: { url: 'https://example.com/', events: [] } },
    { webhook: { url: 'https://example.com/', events: ['job.started'] } },
  ])('is not %j', (fields) => {
    expect(accepts(fields)).toBe(false);
  });
});

describe('a tag', () => {
  it.each(['a', 'weekly / 2026-02', 'ü', '\u{1f4a9}', 'a'.repeat(255)])('may be %j', (value) => {
    expect(tag.parse(value)).toBe(value);
  });

  it.each(['', 'a'.repeat(256), 'a\nb', '\0', 'a\u007f', '\u0085', '\ud800', 'a\udc00'])('is not %j', (value) => {
    expect(tag.safeParse(value).success).toBe(false);
  });
});

describe('metadata', () => {
  it('holds at most 16 pairs of texts', () => {
    expect(accepts({ metadata: pairs(16) })).toBe(true);
    expect(accepts({ metadata: pairs(17) })).toBe(false);
    expect(accepts({ metadata: { budget: 5 } })).toBe(false);
    expect(accepts({ metadata: { '': 'a' } })).toBe(false);
    expect(accepts({ metadata: { ['k'.repeat(65)]: 'a' } })).toBe(false);
    expect(accepts({ metadata: { k: 'v'.repeat(513) } })).toBe(false);
  });

  it('cannot reach a prototype', () => {
    const parsed = submission.parse(JSON.parse('{"endpoint":"domain_pages","metadata":{"__proto__":"a","b":"c"}}'));
    expect(parsed.metadata).toEqual({ b: 'c' });
    expect(Object.getPrototypeOf(parsed.metadata)).toBe(Object.prototype);
  });
});

it('the parameters of an endpoint are those of its request without those that are ours to set', () => {
  for (const name of endpointName.options) {
    const request = Object.keys(requestOf(endpointOf(name)).shape);
    const ours: readonly string[] = RESERVED_PARAMS;
    expect(Object.keys(endpointOf(name).params.shape).sort()).toEqual(
      request.filter((field) => !ours.includes(field)).sort(),
    );
  }
});
