import { z } from 'zod';
import type { Endpoint } from '../endpoints/endpoint.js';
import { MAX_ORDER_RULES } from '../endpoints/filters.js';
import { requestOf } from '../endpoints/request.js';

/** Checked after the schema, with the fields of the data, because the spellings of the documented examples are accepted too. */
const JUDGED_LATER = {
  filters: z.array(z.unknown()).optional(),
  backlinks_filters: z.array(z.unknown()).optional(),
  order_by: z.array(z.unknown()).max(MAX_ORDER_RULES).pipe(z.array(z.string())).optional(),
};

/** A task of the endpoint, apart from the form of its targets and what is checked later. */
export function taskSchemaOf(endpoint: Endpoint): z.ZodObject {
  const request = requestOf(endpoint);
  if (endpoint.kind === 'bulk') return request;
  return request.extend(Object.fromEntries(Object.entries(JUDGED_LATER).filter(([name]) => name in request.shape)));
}
