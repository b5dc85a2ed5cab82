import { z } from 'zod';

// `x-default` is what the upstream uses if nothing is sent. Generated clients would require a field with a `default`.
export const includeSubdomains = z
  .boolean()
  .optional()
  .meta({ description: "Counts links to the target's subdomains too.", 'x-default': true });
export const includeIndirectLinks = z
  .boolean()
  .optional()
  .meta({ description: 'Counts links that reach the target through a redirect or a canonical.', 'x-default': true });
export const excludeInternalBacklinks = z
  .boolean()
  .optional()
  .meta({ description: "Leaves out links from the target's own subdomains.", 'x-default': true });
export const rankScale = z
  .enum(['one_hundred', 'one_thousand'])
  .optional()
  .meta({ description: 'The highest value that a rank can have.', 'x-default': 'one_thousand' });
export const backlinksStatusType = z.enum(['all', 'live', 'lost']).optional().meta({
  description: 'Which links are counted: those that were there at the last visit, those that were not, or all.',
  'x-default': 'live',
});
export const internalListLimit = z.int().min(1).max(1000).optional().meta({
  description: 'Most entries of each map, such as `referring_links_tld`; the largest counts are kept.',
  'x-default': 10,
});

/** The upstream counts from this day until now, for a year at most. Its day is assumed to be that of UTC. */
export const dateFrom = z.iso
  .date()
  .refine(isWithinYear, 'must be a day of the last year, as yyyy-mm-dd')
  .optional()
  .describe('The first day that is counted, `yyyy-mm-dd`: at most a year ago. Default: a month ago.');

function isWithinYear(day: string): boolean {
  const today = new Date();
  const yearAgo = new Date(today);
  yearAgo.setUTCFullYear(today.getUTCFullYear() - 1);
  return dayOf(yearAgo) <= day && day <= dayOf(today);
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}

/** The upstream's limit on a tag, and ours. */
export const MAX_TAG_LENGTH = 255;

/** Most targets of a bulk call, most items of a list call. */
export const MAX_TARGETS = 1000;
export const MAX_LIMIT = 1000;
export const DEFAULT_LIMIT = 100;
export const MAX_DOMAINS = 100;
/** Most targets of a set, and most excluded ones. */
export const MAX_SET_TARGETS = 20;
export const MAX_SET_EXCLUDED = 10;
