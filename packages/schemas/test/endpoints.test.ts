import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  ENDPOINTS,
  type Endpoint,
  endpointName,
  endpointOf,
  idListEntry,
  idListRequest,
  itemFields,
  requestOf,
  upstreamTimestamp,
} from '../src/index.js';
import { endpointsPage } from './endpoints-page.js';
import {
  ID_LIST_FIELDS,
  ID_LIST_REQUEST,
  ITEM_FIELDS,
  PAGE_META_FIELDS,
  PAGE_SUMMARY_FIELDS,
  REQUEST_FIELDS,
} from './facts.js';

const names = endpointName.options;
const bulks = Object.values<Endpoint>(ENDPOINTS).filter((endpoint) => endpoint.kind === 'bulk');
const lists = Object.values<Endpoint>(ENDPOINTS).filter((endpoint) => endpoint.kind === 'list');

function accepts(name: string, fields: object): boolean {
  return acceptedBy(endpointOf(endpointName.parse(name)), fields);
}

function acceptedBy(endpoint: Endpoint, fields: object): boolean {
  return requestOf(endpoint).safeParse({ ...aimOf(endpoint), ...fields }).success;
}

const takes = (endpoint: Endpoint, param: string) => param in endpoint.params.shape;
function aimOf({ kind }: Endpoint): object {
  if (kind === 'set') return { targets: { 1: 'example.com' } };
  return kind === 'bulk' ? { targets: ['example.com'] } : { target: 'example.com' };
}

const sorted = (fields: readonly string[]) => [...fields].sort();
const fieldsOf = (object: { shape: object }) => sorted(Object.keys(object.shape));

it('docs/endpoints.md is written from the table (`vitest run --update` writes the page)', async () => {
  const page = fileURLToPath(new URL('../../../docs/endpoints.md', import.meta.url));
  await expect(endpointsPage()).toMatchFileSnapshot(page);
});

describe.each(names)('%s', (name) => {
  it('is known by its own name', () => {
    expect(endpointOf(name).name).toBe(name);
  });

  it('has the fields of its items, no more and no fewer', () => {
    expect(fieldsOf(ENDPOINTS[name].item)).toEqual(sorted(ITEM_FIELDS[name]));
  });

  it('has the fields of its request, no more and no fewer', () => {
    expect(fieldsOf(requestOf(endpointOf(name)))).toEqual(sorted(REQUEST_FIELDS[name]));
    expect(accepts(name, { depth: 1 })).toBe(false);
  });

  it('shows fields first that its items have', () => {
    const paths = itemFields(name).map(({ path }) => path.join('.'));
    expect(paths).toEqual(expect.arrayContaining([...endpointOf(name).firstShown]));
  });

  it('takes a tag of 255 characters', () => {
    expect(accepts(name, { tag: 't'.repeat(255) })).toBe(true);
    expect(accepts(name, { tag: 't'.repeat(256) })).toBe(false);
  });
});

describe('domain_pages', () => {
  const { meta, page_summary: summary } = ENDPOINTS.domain_pages.item.shape;

  it('has the fields of a page and of its backlinks, no more and no fewer', () => {
    expect(fieldsOf(meta.unwrap().unwrap())).toEqual(sorted(PAGE_META_FIELDS));
    expect(fieldsOf(summary.unwrap().unwrap())).toEqual(sorted(PAGE_SUMMARY_FIELDS));
  });

  it('gives its items as they are, lists of technologies too', () => {
    const item = {
      type: 'backlinks_domain_page',
      page: 'https://example.com/',
      meta: {
        h1: ['A', null],
        technologies: { cms: 'one', cdn: ['two', 'three'] },
        social_media_tags: { 'og:url': null },
      },
      page_summary: { backlinks: 3, referring_links_countries: { '': 2, US: 1 } },
    };
    expect(ENDPOINTS.domain_pages.item.parse(item)).toEqual(item);
  });

  it('takes no pages, the others do', () => {
    expect(names.filter((name) => !endpointOf(name).acceptsPages)).toEqual([
      'domain_pages',
      'history',
      'timeseries_new_lost_summary',
      'timeseries_summary',
    ]);
  });
});

describe.each(['bulk_new_lost_backlinks', 'bulk_new_lost_referring_domains'] as const)('%s', (name) => {
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

  it('counts from a day of the last year', () => {
    for (const days of [0, 1, 30, 364]) expect(accepts(name, { date_from: daysAgo(days) }), `${days}`).toBe(true);
    for (const days of [-2, 368, 5000]) expect(accepts(name, { date_from: daysAgo(days) }), `${days}`).toBe(false);
    for (const wrong of ['2026-13-01', '2026-02-30', '1/2/2026', `${daysAgo(1)} 00:00:00`, 7]) {
      expect(accepts(name, { date_from: wrong }), String(wrong)).toBe(false);
    }
  });
});

describe('the endpoints over time', () => {
  const series = ['timeseries_summary', 'timeseries_new_lost_summary'] as const;
  const tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);

  it.each(['history', ...series])('%s takes days in order, from its first day to today', (name) => {
    const first = name === 'history' ? '2019-01-01' : '2019-01-30';
    expect(accepts(name, { date_from: first, date_to: first })).toBe(true);
    expect(accepts(name, { date_from: '2024-02-29' })).toBe(true);
    for (const wrong of [
      { date_from: '2018-12-31' },
      { date_from: '2024-02-30' },
      { date_to: tomorrow },
      { date_from: '2024-02-02', date_to: '2024-02-01' },
    ]) {
      expect(accepts(name, wrong), JSON.stringify(wrong)).toBe(false);
    }
    expect(accepts(name, { date_from: '2019-01-29' })).toBe(name === 'history');
  });

  it('history has an item for each month that ends within the days', () => {
    const { items } = ENDPOINTS.history;
    expect(items({ date_from: '2026-01-01', date_to: '2026-06-01' })).toEqual({ least: 1, most: 5 });
    expect(items({ date_from: '2026-01-31', date_to: '2026-02-27' }).most).toBe(1);
    expect(items({}).most).toBeGreaterThan(90);
  });

  it.each(series)('%s has an item for each period that the days touch', (name) => {
    const { items } = ENDPOINTS[name];
    const days = { date_from: '2022-03-23', date_to: '2022-05-13' };
    const counts = { day: 52, week: 8, month: 3, year: 1 };
    expect(items(days)).toEqual({ least: 3, most: 3 });
    for (const [group_range, most] of Object.entries(counts)) {
      expect(items({ ...days, group_range })).toEqual({ least: most, most });
    }
    expect(items({ date_to: '2019-03-01' })).toEqual({ least: 1, most: 3 });
  });
});

describe.each(lists)('$name', (endpoint) => {
  const { name } = endpoint;

  it('pages through 100 items from the first unless told otherwise, 1,000 at most', () => {
    expect(requestOf(endpoint).parse({ target: 'example.com' })).toEqual({
      target: 'example.com',
      limit: 100,
      offset: 0,
    });
    const last = endpoint.maxOffset ?? 5_000_000;
    expect(accepts(name, { limit: 1, offset: last })).toBe(true);
    expect(accepts(name, { limit: 1, offset: last + 1 })).toBe(endpoint.maxOffset === undefined);
    expect(accepts(name, { limit: 1000 })).toBe(true);
    for (const wrong of [
      { limit: 0 },
      { limit: 1001 },
      { limit: 1.5 },
      { limit: '5' },
      { offset: -1 },
      { offset: 0.5 },
    ]) {
      expect(accepts(name, wrong), JSON.stringify(wrong)).toBe(false);
    }
  });

  it.runIf(takes(endpoint, 'internal_list_limit'))('takes inner lists of 1 to 1,000 elements', () => {
    expect(accepts(name, { internal_list_limit: 1 })).toBe(true);
    expect(accepts(name, { internal_list_limit: 1000 })).toBe(true);
    expect(accepts(name, { internal_list_limit: 0 })).toBe(false);
    expect(accepts(name, { internal_list_limit: 1001 })).toBe(false);
  });

  it('takes the documented words only', () => {
    for (const word of ['all', 'live', 'lost']) {
      expect(accepts(name, { backlinks_status_type: word })).toBe(takes(endpoint, 'backlinks_status_type'));
    }
    for (const word of ['one_hundred', 'one_thousand']) expect(accepts(name, { rank_scale: word })).toBe(true);
    expect(accepts(name, { backlinks_status_type: 'new' })).toBe(false);
    expect(accepts(name, { rank_scale: '100' })).toBe(false);
  });

  it('asks about one target', () => {
    expect(requestOf(endpoint).safeParse({}).success).toBe(false);
    expect(accepts(name, { target: '' })).toBe(false);
    expect(accepts(name, { targets: ['example.com'] })).toBe(false);
  });
});

describe.each(bulks)('$name', ({ name, targetField, item }) => {
  it('asks about 1 to 1,000 targets', () => {
    const many = Array.from({ length: 1001 }, (_, index) => `${index}.example.com`);
    expect(accepts(name, { targets: many.slice(1) })).toBe(true);
    expect(accepts(name, { targets: many })).toBe(false);
    expect(accepts(name, { targets: [] })).toBe(false);
    expect(accepts(name, { target: 'example.com' })).toBe(false);
  });

  it('names the target of an item', () => {
    expect(item.safeParse({ [targetField]: 'example.com' }).success).toBe(true);
    expect(item.safeParse({}).success).toBe(false);
  });
});

it('only bulk_pages_summary caps the domains of a call, at 100', () => {
  const capped = bulks.filter(({ maxDomains }) => maxDomains !== null);
  expect(capped.map(({ name, maxDomains }) => [name, maxDomains])).toEqual([['bulk_pages_summary', 100]]);
});

it('only backlinks has a last offset, and goes on by a token', () => {
  expect(lists.filter(({ maxOffset }) => maxOffset !== undefined).map(({ name }) => name)).toEqual(['backlinks']);
  expect(accepts('backlinks', { search_after_token: 'eyJ9' })).toBe(true);
  expect(accepts('anchors', { search_after_token: 'eyJ9' })).toBe(false);
});

it('backlinks takes a mode, or a few links of each value of a field', () => {
  for (const mode of ['as_is', 'one_per_domain', 'one_per_anchor']) expect(accepts('backlinks', { mode })).toBe(true);
  for (const value of [1, 1000]) expect(accepts('backlinks', { custom_mode: { field: 'anchor', value } })).toBe(true);
  for (const wrong of [
    { mode: 'all' },
    { custom_mode: { field: 'domain', value: 1 } },
    { custom_mode: { field: 'anchor', value: 1001 } },
    { custom_mode: { field: 'anchor', value: 0 } },
    { custom_mode: { field: 'anchor' } },
    { custom_mode: { value: 1 } },
    { custom_mode: { field: 'anchor', value: 1, more: 1 } },
  ]) {
    expect(accepts('backlinks', wrong), JSON.stringify(wrong)).toBe(false);
  }
});

it('only referring_domains counts something other than items in total_count', () => {
  const others = lists.filter(({ totalCountsItems }) => !totalCountsItems);
  expect(others.map(({ name }) => name)).toEqual(['referring_domains']);
});

describe('id_list', () => {
  const span = { datetime_from: upstreamTimestamp(new Date(0)), datetime_to: '2026-02-17 08:21:04 +00:00' };

  it('has the fields of the vendor, no more and no fewer', () => {
    expect(fieldsOf(idListEntry)).toEqual(sorted(ID_LIST_FIELDS));
    expect(fieldsOf(idListRequest)).toEqual(sorted(ID_LIST_REQUEST));
  });

  it('takes a span of time and pages of at most 1,000', () => {
    const full = { ...span, limit: 100, offset: 0, sort: 'desc', include_metadata: true };
    expect(idListRequest.parse(full)).toEqual(full);
    expect(idListRequest.safeParse({ ...span, limit: 1001 }).success).toBe(false);
    expect(idListRequest.safeParse({ ...span, sort: 'up' }).success).toBe(false);
    expect(idListRequest.safeParse({ ...span, from: 1 }).success).toBe(false);
  });

  it('gives entries as they are: of a call still running, and of one that is done', () => {
    for (const entry of [
      {
        id: '02171535-1535-0348-0000-5f85d2be4a1b',
        url: '…',
        datetime_posted: span.datetime_to,
        metadata: { tag: 'a' },
      },
      { id: null, datetime_done: span.datetime_to, status: 'ok', cost: 0.02, metadata: null, later: [1] },
    ]) {
      expect(idListEntry.parse(entry)).toEqual(entry);
    }
  });

  it('writes times the way the upstream does', () => {
    expect(upstreamTimestamp(new Date('2026-02-17T08:21:04.999Z'))).toBe('2026-02-17 08:21:04 +00:00');
  });
});
