import type { GraphOrigin, ServedOrigin } from '@linkhaul/schemas';
import type { GraphCounts } from './settings.js';

export const GENERATED: GraphOrigin = { kind: 'generated', sources: [], fetched_pages: null, domain_tier: null };

/** Data counts as simulated if any of it is. */
export function isSimulated({ kind }: GraphOrigin): boolean {
  return kind !== 'imported';
}

/** What an open graph tells of itself. */
export function servedOriginOf(graph: { readonly origin: GraphOrigin; readonly counts: GraphCounts }): ServedOrigin {
  const { domains, links } = graph.counts;
  return { ...graph.origin, domains, links };
}
