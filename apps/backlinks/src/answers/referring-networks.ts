import { ALL_OPERATORS } from '@linkhaul/schemas';
import { groupsOf, linksBy } from './link-groups.js';
import type { Listing } from './listing.js';
import { summaryFields } from './metric-fields.js';
import { limitedMetrics } from './metric-item.js';

const MISSING = 'backlinks_spam_score';

/** For each type of network: the column of links to group by, and SQL for its address, from the IP of one of its hosts. */
const NETWORKS = {
  ip: { column: 'source_ip', address: 'any_value(ip)', key: 'address' },
  subnet: { column: 'source_subnet', address: `regexp_replace(any_value(ip), '[0-9]+$', '0/24')`, key: 'subnet' },
};

/** The addresses or subnets of the hosts that link to a target, those with the most links first. */
export const referringNetworks: Listing = {
  functionId: '0332',
  fields: summaryFields('network_address', [MISSING]),
  operators: ALL_OPERATORS,
  rows: (scope, call, linkFilter) => {
    const { column, address, key } = NETWORKS[call.options.networks];
    const groups = groupsOf(linksBy(`links.${column}`, scope, call, linkFilter), 'm.subject');
    return `SELECT * FROM (${groups}) JOIN
      (SELECT ${key} AS subject, ${address} AS network_address FROM hosts GROUP BY ${key}) USING (subject)`;
  },
  order: ['backlinks,desc', 'network_address,asc'],
  item: `to_json({'type': 'backlinks_referring_network', 'network_address': page.network_address, 'rank': page.rank,
    ${limitedMetrics([MISSING])}})`,
};
