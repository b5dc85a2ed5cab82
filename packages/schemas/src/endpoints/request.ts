import { z } from 'zod';
import type { Endpoint, PagedEndpoint } from './endpoint.js';
import { DEFAULT_LIMIT, MAX_TAG_LENGTH } from './params.js';

const tag = z.string().max(MAX_TAG_LENGTH).optional();
const text = z.string().min(1);

/** The one task of a live call, as the upstream takes it: the endpoint's parameters, its targets, paging and the tag. */
export function requestOf(endpoint: Endpoint): z.ZodObject {
  const { params } = endpoint;
  switch (endpoint.kind) {
    case 'bulk':
      return params.extend({ targets: z.array(z.string()).min(1).max(endpoint.maxTargets), tag });
    case 'list':
      return params.extend({ target: text, ...pageOf(endpoint), tag });
    case 'set': {
      const targets = z
        .record(z.string().regex(/^[1-9]\d?$/), text)
        .refine((map) => isWithin(Object.keys(map).length, endpoint.maxTargets));
      const excluded = z.array(text).max(endpoint.maxExcluded).optional();
      return params.extend({ targets, exclude_targets: excluded, ...pageOf(endpoint), tag });
    }
    case 'single':
      return params.extend({ target: text, tag });
  }
}

function isWithin(count: number, most: number): boolean {
  return count >= 1 && count <= most;
}

function pageOf({ maxLimit, maxOffset }: PagedEndpoint) {
  return {
    limit: z.int().min(1).max(maxLimit).default(DEFAULT_LIMIT),
    offset: z
      .int()
      .min(0)
      .max(maxOffset ?? Number.MAX_SAFE_INTEGER)
      .default(0),
    ...(maxOffset !== undefined && { search_after_token: text.optional() }),
  };
}
