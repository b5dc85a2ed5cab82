import { answerBulk, type BulkAnswer } from './bulk.js';
import { LOST, NEW, newLostQuery } from './new-lost.js';

/** Links of one source to one target as one: new with the first of them, lost with the last of them. */
const AS_ONE = `min(first_seen) AS first_seen,
  CASE WHEN count(lost_date) = count(*) THEN max(lost_date) END AS lost_date`;

const QUERY = newLostQuery(
  `, by_host AS (SELECT key, source_host, source_domain, ${AS_ONE} FROM reaching GROUP BY ALL),
    by_domain AS (SELECT key, source_domain, ${AS_ONE} FROM by_host GROUP BY ALL)
  SELECT * FROM
    (SELECT key, ${NEW} AS new_referring_domains, ${LOST} AS lost_referring_domains FROM by_host GROUP BY key)
    JOIN (SELECT key, ${NEW} AS new_referring_main_domains, ${LOST} AS lost_referring_main_domains
      FROM by_domain GROUP BY key) USING (key)`,
  ['new_referring_domains', 'lost_referring_domains', 'new_referring_main_domains', 'lost_referring_main_domains'],
);

/** How many hosts and domains have begun to link to each target since a day, and how many have ceased to. */
export const bulkNewLostReferringDomains: BulkAnswer = {
  functionId: '0350',
  answer: (graph, { targets, options }) =>
    answerBulk(graph, QUERY, { targets, params: { date_from: options.dateFrom } }),
};
