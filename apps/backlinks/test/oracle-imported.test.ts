import { openImportedGraph } from './imported-graph.js';
import { answersAgree } from './oracle/answers-agree.js';
import { CONSTANT_FIELDS } from './oracle/fields.js';
import { serveAllTests } from './serve-tests.js';

/** What no import knows: of every link the same. */
const UNKNOWN = [
  'backlink_spam_score',
  'url_to_spam_score',
  'domain_from_platform_type',
  'domain_from_ip',
  'domain_from_country',
];

answersAgree(serveAllTests({ settings: { balance_usd: 100_000 } }, openImportedGraph), {
  items: { all: 0.4, some: 0.4 },
  links: 0.8,
  isRich: false,
  // No import knows addresses.
  empty: ['referring_networks'],
  constant: [...CONSTANT_FIELDS, ...UNKNOWN],
});
