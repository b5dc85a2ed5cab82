import { z } from 'zod';
import { bulkBacklinks } from './bulk-backlinks.ts';
import { bulkPagesSummary } from './bulk-pages-summary.ts';
import { domainPages } from './domain-pages.ts';
import { domainPagesSummary } from './domain-pages-summary.ts';
import type { Endpoint } from './endpoint.ts';
import { referringDomains } from './referring-domains.ts';

/** Every endpoint that Linkhaul speaks. Another of the same family is one file and one row here. */
export const ENDPOINTS = {
  bulk_backlinks: bulkBacklinks,
  bulk_pages_summary: bulkPagesSummary,
  domain_pages: domainPages,
  domain_pages_summary: domainPagesSummary,
  referring_domains: referringDomains,
} as const satisfies Record<string, Endpoint>;

export type EndpointName = keyof typeof ENDPOINTS;

export const endpointName = z.enum(Object.keys(ENDPOINTS) as [EndpointName, ...EndpointName[]]);

export function endpointOf(name: EndpointName): Endpoint {
  return ENDPOINTS[name];
}
