import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { BulkName } from './lists.js';

const compress = promisify(gzip);

/** A compressed answer, like the real upstream's. It is made in advance, so that sending it takes almost no time. */
export async function answerTo(endpoint: BulkName, targets: readonly string[]): Promise<Buffer> {
  const items = targets.map((target, at) => ITEMS[endpoint](target, at));
  const ok = { status_code: 20000, status_message: 'Ok.', time: '1.9579 sec.', cost: 0.06 };
  const data = { api: 'backlinks', function: endpoint, targets };
  const result = [{ total_count: items.length, items_count: items.length, items }];
  const path = ['v3', 'backlinks', endpoint, 'live'];
  const task = { id: '11220000-1535-0576-0000-000000000000', ...ok, result_count: 1, path, data, result };
  return compress(JSON.stringify({ version: '0.1.20261101', ...ok, tasks_count: 1, tasks_error: 0, tasks: [task] }));
}

/** Items with every field that the vendor's own examples have. */
const ITEMS: Readonly<Record<BulkName, (target: string, at: number) => object>> = {
  bulk_backlinks: (target, at) => ({ target, backlinks: 66_516_402 - at }),
  bulk_pages_summary: (url, at) => ({
    type: 'backlinks_page_summary',
    url,
    rank: at % 400,
    main_domain_rank: 419,
    backlinks: at,
    first_seen: '2024-03-31 07:06:04 +00:00',
    lost_date: null,
    backlinks_spam_score: 5,
    broken_backlinks: 0,
    broken_pages: 0,
    referring_domains: 1 + (at % 90),
    referring_domains_nofollow: 0,
    referring_main_domains: 1 + (at % 80),
    referring_main_domains_nofollow: 0,
    referring_ips: 1 + (at % 70),
    referring_subnets: 1 + (at % 60),
    referring_pages: 3 + (at % 900),
    referring_pages_nofollow: 0,
    referring_links_tld: { com: 3 + (at % 500) },
    referring_links_types: { anchor: 3 + (at % 500) },
    referring_links_attributes: null,
    referring_links_platform_types: { unknown: 3 },
    referring_links_semantic_locations: { '': 3 },
    referring_links_countries: { '': 3 },
  }),
};
