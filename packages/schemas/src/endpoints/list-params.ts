import { backlinksFilters, type FieldList, filtersOf, orderByOf } from './filters.js';
import {
  backlinksStatusType,
  excludeInternalBacklinks,
  includeSubdomains,
  internalListLimit,
  rankScale,
} from './params.js';

/** The parameters that every list endpoint takes; filters and sorting by the fields that it knows. */
export function listParams(known: FieldList, operators: { readonly caseInsensitive: boolean }) {
  return {
    internal_list_limit: internalListLimit,
    backlinks_status_type: backlinksStatusType,
    filters: filtersOf(known, operators).optional(),
    order_by: orderByOf(known).optional(),
    backlinks_filters: backlinksFilters.optional(),
    include_subdomains: includeSubdomains,
    exclude_internal_backlinks: excludeInternalBacklinks,
    rank_scale: rankScale,
  };
}
