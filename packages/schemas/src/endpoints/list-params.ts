import { backlinksFilters, type FieldList, filtersOf, orderByOf } from './filters.js';
import {
  backlinksStatusType,
  excludeInternalBacklinks,
  includeSubdomains,
  internalListLimit,
  rankScale,
} from './params.js';

export interface Operators {
  readonly caseInsensitive: boolean;
}

/** The parameters that say which links are meant. */
export const linkScope = {
  backlinks_status_type: backlinksStatusType,
  include_subdomains: includeSubdomains,
  exclude_internal_backlinks: excludeInternalBacklinks,
  rank_scale: rankScale,
};

/** The parameters of `linkScope`, and those that say how these links are counted. */
export const linkParams = {
  internal_list_limit: internalListLimit,
  ...linkScope,
  backlinks_filters: backlinksFilters
    .optional()
    .describe(
      'Conditions on the links that are counted: `["field", "operator", value]`, up to 8 of them joined by `"and"` and `"or"`.',
    ),
};

/** The parameters of every list endpoint: filters and sorting by the fields that it knows. */
export function itemParams(known: FieldList, operators: Operators) {
  return {
    filters: filtersOf(known, operators)
      .optional()
      .describe(
        'Conditions on the items: `["field", "operator", value]`, up to 8 of them joined by `"and"` and `"or"`.',
      ),
    order_by: orderByOf(known).optional().describe('Up to 3 of `field,asc` and `field,desc`.'),
  };
}

/** The parameters of lists whose items are links that belong together. */
export function listParams(known: FieldList, operators: Operators) {
  return { ...itemParams(known, operators), ...linkParams };
}
