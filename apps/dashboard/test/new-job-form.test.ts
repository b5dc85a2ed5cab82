import { LinkhaulProblem, LinkhaulUnreachable } from '@linkhaul/client/browser';
import { ENDPOINTS, type Endpoint } from '@linkhaul/schemas';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpointForm } from '../build/endpoint-forms.js';
import { EMPTY_DRAFT, fieldsOf } from '../src/pages/new-job/draft.js';
import { formErrors } from '../src/pages/new-job/errors.js';
import { filterOf, isMixed, orderOf } from '../src/pages/new-job/parameters/filters.js';
import { NO_PARAMS, paramsOf } from '../src/pages/new-job/parameters/params.js';
import { createAttempts } from '../src/pages/new-job/send/attempts.js';

const forms = endpointForm(ENDPOINTS.referring_domains);
const condition = { joint: 'and', field: 'rank', key: '', operator: '>', value: '10' } as const;

describe('the forms of the endpoints', () => {
  it.each(Object.values<Endpoint>(ENDPOINTS))('say what each parameter of $name means', (endpoint) => {
    const { params } = endpointForm(endpoint);
    expect(params.map(({ name }) => name)).toEqual(Object.keys(endpoint.params.shape));
    expect(params.filter(({ meaning }) => meaning === '')).toEqual([]);
  });

  it('have the kinds, limits and defaults of the schemas', () => {
    const byName = new Map(forms.params.map(({ meaning: _, ...form }) => [form.name, form]));
    expect(byName.get('include_subdomains')).toEqual({ name: 'include_subdomains', kind: 'flag', usual: true });
    expect(byName.get('internal_list_limit')).toMatchObject({ kind: 'number', usual: 10, least: 1, most: 1000 });
    expect(byName.get('backlinks_status_type')).toMatchObject({ options: ['all', 'live', 'lost'], usual: 'live' });
    expect(byName.get('order_by')).toMatchObject({ kind: 'order', most: 3 });
    expect(byName.get('backlinks_filters')).toMatchObject({ kind: 'filters', fields: null });
  });
});

describe('filters', () => {
  it('hold numbers, lists and texts as they are meant', () => {
    const value = (operator: string, text: string) => filterOf([{ ...condition, operator, value: text }]);
    expect(value('>', '10')).toEqual([['rank', '>', 10]]);
    expect(value('in', '1, 2, a')).toEqual([['rank', 'in', [1, 2, 'a']]]);
    expect(value('like', '%12')).toEqual([['rank', 'like', '%12']]);
    expect(value('=', '"12"')).toEqual([['rank', '=', '12']]);
    expect(value('=', 'true')).toEqual([['rank', '=', true]]);
  });

  it('leave out what is not complete yet', () => {
    expect(filterOf([{ ...condition, value: '' }])).toBeUndefined();
    const conditions = [{ ...condition, value: '' }, { ...condition, joint: 'or' } as const, condition];
    expect(filterOf(conditions)).toEqual([['rank', '>', 10], 'and', ['rank', '>', 10]]);
    expect(isMixed(conditions)).toBe(false);
  });

  it('and orders of known fields are what the service takes, whatever is typed in', () => {
    const form = forms.params.find(({ name }) => name === 'filters');
    if (form?.kind !== 'filters' || form.fields === null)
      throw new Error('referring_domains has a filter of known fields');
    const { fields, maps } = form.fields;
    const field = fc.oneof(
      fc.record({ field: fc.constantFrom(...fields), key: fc.constant('') }),
      fc.record({ field: fc.constantFrom(...maps), key: fc.string({ minLength: 1 }) }),
    );
    const typed = fc.record({
      joint: fc.constantFrom('and' as const, 'or' as const),
      operator: fc.constantFrom(...form.operators),
      value: fc.string(),
    });
    const conditions = fc.array(
      fc.tuple(field, typed).map(([named, rest]) => ({ ...named, ...rest })),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(conditions, (made) => {
        const filters = filterOf(made);
        const parsed = ENDPOINTS.referring_domains.params.safeParse({ ...(filters !== undefined && { filters }) });
        expect(parsed.error?.issues ?? []).toEqual([]);
      }),
    );
    expect(orderOf([{ field: 'referring_links_tld', key: 'com', direction: 'desc' }])).toEqual([
      'referring_links_tld.com,desc',
    ]);
  });
});

describe('the fields of a job', () => {
  it('are those that differ from what holds anyway', () => {
    expect(fieldsOf(EMPTY_DRAFT, forms).fields).toEqual({ endpoint: 'bulk_pages_summary' });
    const params = { ...NO_PARAMS, flags: { include_subdomains: true, exclude_internal_backlinks: false } };
    expect(paramsOf(forms.params, params)).toEqual({ exclude_internal_backlinks: false });
  });

  it('leave out what another endpoint takes', () => {
    const params = { ...NO_PARAMS, texts: { internal_list_limit: '5', rank_scale: 'one_hundred' } };
    const bulk = endpointForm(ENDPOINTS.bulk_pages_summary);
    expect(paramsOf(bulk.params, params)).toEqual({ rank_scale: 'one_hundred' });
    expect(fieldsOf({ ...EMPTY_DRAFT, maxItems: '5' }, bulk).fields).not.toHaveProperty('max_items_per_target');
    expect(fieldsOf({ ...EMPTY_DRAFT, maxItems: '5' }, forms).fields).toMatchObject({ max_items_per_target: 5 });
  });

  it('ask for a budget where nothing else limits the items', () => {
    const draft = { ...EMPTY_DRAFT, hasAllItems: true };
    expect(fieldsOf(draft, forms).errors.has('max_cost_usd')).toBe(true);
    expect(fieldsOf({ ...draft, maxCost: '5' }, forms)).toEqual({
      fields: { endpoint: 'bulk_pages_summary', max_cost_usd: 5, max_items_per_target: null },
      errors: new Map(),
    });
  });

  it('send no number that is none', () => {
    const { fields, errors } = fieldsOf({ ...EMPTY_DRAFT, maxCost: 'five' }, forms);
    expect([fields.max_cost_usd, errors.get('max_cost_usd')]).toEqual([undefined, 'must be a number']);
  });
});

const problem = {
  type: 'urn:linkhaul:problem:invalid_request',
  title: 'The request is not valid',
  status: 422,
  detail: '',
};

describe('errors', () => {
  const errors = formErrors(
    new Map(),
    new LinkhaulProblem(422, {
      ...problem,
      errors: [
        { pointer: 'params/filters', code: 'invalid', message: 'has no such field' },
        { pointer: 'column', code: 'csv_column', message: 'there is no column 9' },
        { pointer: 'expect_rows', code: 'invalid', message: 'is another number' },
      ],
    }),
  );

  it('stand at their fields, at the list, or by themselves', () => {
    expect(errors.of('params.filters')).toBe('has no such field');
    expect(errors.of('tag')).toBeNull();
    expect(errors.ofList).toBe('there is no column 9');
    expect(errors.others).toEqual(['is another number']);
    expect(errors.hasFields).toBe(true);
  });
});

describe('attempts to send', () => {
  it('have one key until the service has answered for good, and another one for another request', () => {
    let made = 0;
    const attempts = createAttempts(() => `key ${++made}`);
    const request = { list: new Blob(['example.com']), fields: { endpoint: 'bulk_backlinks' }, form: {} } as const;
    expect(attempts.keyFor(request)).toBe('key 1');
    attempts.failed(new LinkhaulUnreachable('http://127.0.0.1', new Error('reset')));
    attempts.failed(new LinkhaulProblem(503, problem));
    expect(attempts.keyFor({ ...request, fields: { endpoint: 'bulk_backlinks' } })).toBe('key 1');
    attempts.failed(new LinkhaulProblem(422, problem));
    expect(attempts.keyFor(request)).toBe('key 2');
    expect(attempts.keyFor({ ...request, fields: { endpoint: 'bulk_backlinks', tag: 'weekly' } })).toBe('key 3');
    expect(attempts.keyFor({ ...request, list: new Blob(['example.com']) })).toBe('key 4');
  });
});
