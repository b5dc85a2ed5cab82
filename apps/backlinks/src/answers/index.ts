import type { EndpointName, KindOf } from '@linkhaul/schemas';
import { anchors } from './anchors.js';
import { backlinks } from './backlinks.js';
import type { BulkAnswer } from './bulk.js';
import { bulkBacklinks } from './bulk-backlinks.js';
import { bulkNewLostBacklinks } from './bulk-new-lost-backlinks.js';
import { bulkNewLostReferringDomains } from './bulk-new-lost-referring-domains.js';
import { bulkPagesSummary } from './bulk-pages-summary.js';
import { bulkRanks } from './bulk-ranks.js';
import { bulkReferringDomains } from './bulk-referring-domains.js';
import { bulkSpamScore } from './bulk-spam-score.js';
import { competitors } from './competitors.js';
import { domainIntersection } from './domain-intersection.js';
import { domainPages } from './domain-pages.js';
import { domainPagesSummary } from './domain-pages-summary.js';
import { history } from './history.js';
import type { Intersection } from './intersection.js';
import type { Listing } from './listing.js';
import { pageIntersection } from './page-intersection.js';
import { referringDomains } from './referring-domains.js';
import { referringNetworks } from './referring-networks.js';
import type { SingleAnswer } from './single.js';
import { summary } from './summary.js';
import { timeseriesNewLostSummary } from './timeseries-new-lost-summary.js';
import { timeseriesSummary } from './timeseries-summary.js';

interface AnswerOfKind {
  readonly bulk: BulkAnswer;
  readonly list: Listing;
  readonly set: Intersection;
  readonly single: SingleAnswer;
}

/** How each endpoint is answered. */
export const ANSWERS: { readonly [E in EndpointName]: AnswerOfKind[KindOf<E>] } = {
  anchors,
  backlinks,
  bulk_backlinks: bulkBacklinks,
  bulk_new_lost_backlinks: bulkNewLostBacklinks,
  bulk_new_lost_referring_domains: bulkNewLostReferringDomains,
  bulk_pages_summary: bulkPagesSummary,
  bulk_ranks: bulkRanks,
  bulk_referring_domains: bulkReferringDomains,
  bulk_spam_score: bulkSpamScore,
  competitors,
  domain_intersection: domainIntersection,
  domain_pages: domainPages,
  domain_pages_summary: domainPagesSummary,
  history,
  page_intersection: pageIntersection,
  referring_domains: referringDomains,
  referring_networks: referringNetworks,
  summary,
  timeseries_new_lost_summary: timeseriesNewLostSummary,
  timeseries_summary: timeseriesSummary,
};
