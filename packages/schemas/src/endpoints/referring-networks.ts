import { z } from 'zod';
import type { ListEndpoint } from './endpoint.js';
import { keyOf } from './item-key.js';
import { listParams } from './list-params.js';
import { FIRST_METRICS, METRIC_FIELDS, METRIC_MAPS, metrics } from './metrics.js';
import { includeIndirectLinks, MAX_LIMIT } from './params.js';

/** The metric that only this list does not have. */
const MISSING = 'backlinks_spam_score';

const known = { fields: ['network_address', ...METRIC_FIELDS.filter((name) => name !== MISSING)], maps: METRIC_MAPS };

/** The addresses or subnets of the hosts that link to a target. */
export const referringNetworks = {
  name: 'referring_networks',
  title: 'Referring networks',
  gives: 'Each IP address or subnet from which hosts link to a target.',
  firstShown: ['network_address', ...FIRST_METRICS, 'first_seen'],
  kind: 'list',
  acceptsPages: true,
  maxLimit: MAX_LIMIT,
  key: keyOf('network_address'),
  totalCountsItems: true,
  params: z.strictObject({
    network_address_type: z
      .enum(['ip', 'subnet'])
      .optional()
      .meta({ description: 'Whether an item is an address or a subnet.', 'x-default': 'ip' }),
    ...listParams(known, { caseInsensitive: true }),
    include_indirect_links: includeIndirectLinks,
  }),
  item: z
    .looseObject({
      type: z.string().nullable().optional(),
      network_address: z.string().nullable().optional(),
      ...metrics,
    })
    .omit({ [MISSING]: true }),
} as const satisfies ListEndpoint;
