import { z } from 'zod';

export const includeSubdomains = z.boolean().optional();
export const includeIndirectLinks = z.boolean().optional();
export const excludeInternalBacklinks = z.boolean().optional();
export const rankScale = z.enum(['one_hundred', 'one_thousand']).optional();
export const backlinksStatusType = z.enum(['all', 'live', 'lost']).optional();
export const internalListLimit = z.int().min(1).max(1000).optional();

/** The upstream's limit on a tag, and ours. */
export const MAX_TAG_LENGTH = 255;

/** Most targets of a bulk call, most items of a list call. */
export const MAX_TARGETS = 1000;
export const MAX_LIMIT = 1000;
export const DEFAULT_LIMIT = 100;
export const MAX_DOMAINS = 100;
