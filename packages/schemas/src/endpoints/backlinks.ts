import { z } from 'zod';
import type { ListEndpoint } from './endpoint.js';
import { keyOf } from './item-key.js';
import { link } from './link.js';
import { itemParams, linkScope } from './list-params.js';
import { includeIndirectLinks, MAX_LIMIT } from './params.js';

const text = z.string().nullable().optional();
const count = z.int().nullable().optional();

const keywords = {
  page_from_keywords_count_top_3: count,
  page_from_keywords_count_top_10: count,
  page_from_keywords_count_top_100: count,
};

const { type, indirect_link_path, ...fields } = link;

const known = {
  fields: [
    ...Object.keys(fields),
    'image_url',
    ...Object.keys(keywords).map((name) => `ranked_keywords_info.${name}`),
    ...['type', 'status_code', 'url'].map((name) => `indirect_link_path.${name}`),
  ],
  maps: [],
};

/** The fields by whose values `custom_mode` can limit the links. */
const CUSTOM_FIELDS = [
  'anchor',
  'domain_from',
  'domain_from_country',
  'tld_from',
  'page_from_encoding',
  'page_from_language',
  'item_type',
  'page_from_status_code',
  'semantic_location',
] as const;

/** The links to a target: one from each page that links to it. */
export const backlinks = {
  name: 'backlinks',
  title: 'Backlinks',
  gives: 'Each page that links to a target, with its link.',
  firstShown: ['url_from', 'url_to', 'anchor', 'dofollow', 'page_from_rank', 'first_seen'],
  kind: 'list',
  acceptsPages: true,
  maxLimit: MAX_LIMIT,
  maxOffset: 20_000,
  key: keyOf('url_from', 'url_to'),
  totalCountsItems: true,
  params: z.strictObject({
    mode: z.enum(['as_is', 'one_per_domain', 'one_per_anchor']).optional().meta({
      description: 'All links, or one from each domain, or one with each text.',
      'x-default': 'as_is',
    }),
    custom_mode: z
      .strictObject({ field: z.enum(CUSTOM_FIELDS), value: z.int().min(1).max(1000) })
      .optional()
      .describe('Instead of `mode`: at most `value` links for each value of `field`.'),
    ...itemParams(known, { caseInsensitive: true }),
    ...linkScope,
    include_indirect_links: includeIndirectLinks,
  }),
  item: z.looseObject({
    type,
    ...fields,
    image_url: text,
    ranked_keywords_info: z.looseObject(keywords).nullable().optional(),
    indirect_link_path,
  }),
} as const satisfies ListEndpoint;
