import { domainPages } from './domain-pages.js';
import { domainPagesSummary } from './domain-pages-summary.js';
import type { Listing } from './listing.js';
import { referringDomains } from './referring-domains.js';

export const LISTINGS = {
  domain_pages: domainPages,
  domain_pages_summary: domainPagesSummary,
  referring_domains: referringDomains,
} as const satisfies Record<string, Listing>;
