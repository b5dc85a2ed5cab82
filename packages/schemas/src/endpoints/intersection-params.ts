import { z } from 'zod';
import type { FieldList } from './filters.js';
import { itemParams, type Operators } from './list-params.js';

/** The mode, filters and sorting of what the targets of a set have in common. */
export function intersectionParams(ofEach: FieldList, operators: Operators) {
  const known = { fields: ['intersections_count'], maps: [], ofEach };
  const { filters, order_by } = itemParams(known, operators);
  const byNumber = 'A field of a target follows its number in the row: `1.rank` is that of the first.';
  return {
    intersection_mode: z.enum(['all', 'partial']).optional().meta({
      description: 'Whether all links of what links to the targets are counted, or only those that intersect.',
      'x-default': 'all',
    }),
    filters: filters.describe(`Conditions on the items, up to 8. ${byNumber}`),
    order_by: order_by.describe(`Up to 3 of \`field,asc\` and \`field,desc\`. ${byNumber}`),
  };
}

/** How many targets of the set an item is about. */
export const intersectionSummary = z
  .looseObject({ intersections_count: z.int().nullable().optional() })
  .nullable()
  .optional();
