import { z } from 'zod';
import type { Endpoint } from './endpoint.js';
import { DEFAULT_LIMIT, MAX_TAG_LENGTH } from './params.js';

const tag = z.string().max(MAX_TAG_LENGTH).optional();

/** The one task of a live call, as the upstream takes it: the endpoint's parameters, its targets, paging and the tag. */
export function requestOf(endpoint: Endpoint): z.ZodObject {
  if (endpoint.kind === 'bulk') {
    return endpoint.params.extend({ targets: z.array(z.string()).min(1).max(endpoint.maxTargets), tag });
  }
  const target = z.string().min(1);
  if (endpoint.kind === 'single') return endpoint.params.extend({ target, tag });
  const { maxLimit, maxOffset } = endpoint;
  return endpoint.params.extend({
    target,
    limit: z.int().min(1).max(maxLimit).default(DEFAULT_LIMIT),
    offset: z
      .int()
      .min(0)
      .max(maxOffset ?? Number.MAX_SAFE_INTEGER)
      .default(0),
    ...(maxOffset !== undefined && { search_after_token: z.string().min(1).optional() }),
    tag,
  });
}
