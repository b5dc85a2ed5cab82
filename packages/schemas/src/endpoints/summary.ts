import { z } from 'zod';
import type { SingleEndpoint } from './endpoint.js';
import { linkParams } from './list-params.js';
import { FIRST_METRICS, metrics } from './metrics.js';
import { includeIndirectLinks } from './params.js';
import { siteInfo } from './site-info.js';

/** The backlink metrics of one target. A target that the upstream does not know has a null result. */
export const summary = {
  name: 'summary',
  title: 'Summary',
  gives: 'All backlink metrics of a target.',
  firstShown: [...FIRST_METRICS, 'crawled_pages', 'first_seen'],
  kind: 'single',
  acceptsPages: true,
  key: null,
  items: () => ({ least: 1, most: 1 }),
  params: z.strictObject({ ...linkParams, include_indirect_links: includeIndirectLinks }),
  item: z.looseObject({ target: z.string().nullable().optional(), ...metrics, ...siteInfo }),
} as const satisfies SingleEndpoint;
