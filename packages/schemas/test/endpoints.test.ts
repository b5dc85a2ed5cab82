import { describe, expect, it } from 'vitest';
import {
  ENDPOINTS,
  type EndpointName,
  endpointName,
  endpointOf,
  idListEntry,
  idListRequest,
  requestOf,
  upstreamTimestamp,
} from '../src/index.js';
import {
  ID_LIST_FIELDS,
  ID_LIST_REQUEST,
  ITEM_FIELDS,
  PAGE_META_FIELDS,
  PAGE_SUMMARY_FIELDS,
  REQUEST_FIELDS,
} from './facts.js';

const names = endpointName.options;
const lists = ['domain_pages', 'domain_pages_summary', 'referring_domains'] as const;
const bulks = ['bulk_backlinks', 'bulk_pages_summary'] as const;

function accepts(name: EndpointName, fields: object): boolean {
  const aim = endpointOf(name).kind === 'bulk' ? { targets: ['example.com'] } : { target: 'example.com' };
  return requestOf(endpointOf(name)).safeParse({ ...aim, ...fields }).success;
}

const sorted = (fields: readonly string[]) => [...fields].sort();
const fieldsOf = (object: { shape: object }) => sorted(Object.keys(object.shape));

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
    expect(names.filter((name) => !endpointOf(name).acceptsPages)).toEqual(['domain_pages']);
  });
});

describe.each(lists)('%s', (name) => {
  it('pages through 100 items from the first unless told otherwise, 1,000 at most', () => {
    expect(requestOf(endpointOf(name)).parse({ target: 'example.com' })).toEqual({
      target: 'example.com',
      limit: 100,
      offset: 0,
    });
    expect(accepts(name, { limit: 1, offset: 5_000_000 })).toBe(true);
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

  it('takes inner lists of 1 to 1,000 elements', () => {
    expect(accepts(name, { internal_list_limit: 1 })).toBe(true);
    expect(accepts(name, { internal_list_limit: 1000 })).toBe(true);
    expect(accepts(name, { internal_list_limit: 0 })).toBe(false);
    expect(accepts(name, { internal_list_limit: 1001 })).toBe(false);
  });

  it('takes the documented words only', () => {
    for (const word of ['all', 'live', 'lost']) expect(accepts(name, { backlinks_status_type: word })).toBe(true);
    for (const word of ['one_hundred', 'one_thousand']) expect(accepts(name, { rank_scale: word })).toBe(true);
    expect(accepts(name, { backlinks_status_type: 'new' })).toBe(false);
    expect(accepts(name, { rank_scale: '100' })).toBe(false);
  });

  it('asks about one target', () => {
    expect(requestOf(endpointOf(name)).safeParse({}).success).toBe(false);
    expect(accepts(name, { target: '' })).toBe(false);
    expect(accepts(name, { targets: ['example.com'] })).toBe(false);
  });
});

describe.each(bulks)('%s', (name) => {
  it('asks about 1 to 1,000 targets', () => {
    const many = Array.from({ length: 1001 }, (_, index) => `${index}.example.com`);
    expect(accepts(name, { targets: many.slice(1) })).toBe(true);
    expect(accepts(name, { targets: many })).toBe(false);
    expect(accepts(name, { targets: [] })).toBe(false);
    expect(accepts(name, { target: 'example.com' })).toBe(false);
  });

  it('names the target of an item', () => {
    expect(ENDPOINTS[name].item.safeParse({ [ENDPOINTS[name].targetField]: 'example.com' }).success).toBe(true);
    expect(ENDPOINTS[name].item.safeParse({}).success).toBe(false);
  });
});

it('only bulk_pages_summary caps the domains of a call, at 100', () => {
  expect(bulks.map((name) => ENDPOINTS[name].maxDomains)).toEqual([null, 100]);
});

it('only referring_domains counts something other than items in total_count', () => {
  expect(lists.map((name) => ENDPOINTS[name].totalCountsItems)).toEqual([true, true, false]);
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
