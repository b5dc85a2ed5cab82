import { endpointOf } from '@linkhaul/schemas';
import fc from 'fast-check';
import type { BulkName, BulkTask } from './bulk.js';
import { ITEM_FIELDS, isListed } from './fields.js';
import { fieldOf } from './filter.js';
import { type ListName, type ListTask, takes } from './lists.js';
import type { SingleName, SingleTask } from './singles.js';
import type { Vocabularies, Vocabulary } from './vocabulary.js';

const MOST_CONDITIONS = 8;

function conditionOf({ conditions, mild }: Vocabulary): fc.Arbitrary<readonly unknown[]> {
  return fc
    .oneof({ weight: 1, arbitrary: fc.constantFrom(...conditions) }, { weight: 4, arbitrary: fc.constantFrom(...mild) })
    .chain((some) => fc.constantFrom(...some));
}

/** A filter of at most 8 conditions, in lists that are nested up to three deep. */
function filterOf(vocabulary: Vocabulary): fc.Arbitrary<readonly unknown[]> {
  const condition = conditionOf(vocabulary);
  const listOf = (part: fc.Arbitrary<readonly unknown[]>, most: number) =>
    fc
      .array(fc.tuple(part, fc.constantFrom('and', 'or', 'or')), { minLength: 1, maxLength: most })
      .map((parts) => parts.flatMap(([one, joint], index) => (index === 0 ? [one] : [joint, one])));
  const within = fc.oneof({ weight: 3, arbitrary: condition }, { weight: 1, arbitrary: listOf(condition, 3) });
  const nested = fc.oneof({ weight: 3, arbitrary: condition }, { weight: 1, arbitrary: listOf(within, 3) });
  return fc
    .oneof(
      { weight: 2, arbitrary: condition },
      { weight: 3, arbitrary: listOf(nested, 4) },
      { weight: 1, arbitrary: listOf(condition, MOST_CONDITIONS) },
    )
    .filter((filter) => countOf(filter) <= MOST_CONDITIONS);
}

function countOf(filter: readonly unknown[]): number {
  if (typeof filter[0] === 'string') return 1;
  return filter.reduce((sum: number, part) => sum + (Array.isArray(part) ? countOf(part) : 0), 0);
}

/** An object as JSON gives it. */
const PLAIN = { noNullPrototype: true } as const;

/** What `custom_mode` names. */
const CUSTOM_FIELDS = [
  'anchor',
  'domain_from',
  'domain_from_country',
  'tld_from',
  'page_from_encoding',
  'page_from_language',
  'item_type',
  'page_from_status_code',
  'semantic_location',
];

const flag = fc.boolean();
const rankScale = fc.constantFrom('one_hundred', 'one_thousand');
const tag = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });

export interface Targets {
  readonly hosts: fc.Arbitrary<string>;
  readonly any: fc.Arbitrary<string>;
}

/** A task of a list endpoint with any of its parameters. */
export function listTask(name: ListName, vocabularies: Vocabularies, targets: Targets): fc.Arbitrary<ListTask> {
  const known = ITEM_FIELDS[name];
  const sortable = vocabularies[name].names.filter((field) => !isListed(fieldOf(field, known).type));
  const rule = fc
    .tuple(fc.constantFrom(...sortable), fc.constantFrom('asc', 'desc'))
    .map(([field, direction]) => `${field},${direction}`);
  const fields = {
    target: name === 'domain_pages' ? targets.hosts : targets.any,
    limit: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(100, 1000)),
    offset: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 0, max: 10 }) }, fc.constant(5000)),
    internal_list_limit: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant(1000)),
    backlinks_status_type: fc.constantFrom('all', 'live', 'lost'),
    filters: filterOf(vocabularies[name]),
    order_by: fc.array(rule, { minLength: 1, maxLength: 3 }),
    backlinks_filters: filterOf(vocabularies.links),
    include_subdomains: flag,
    include_indirect_links: flag,
    exclude_internal_backlinks: flag,
    network_address_type: fc.constantFrom('ip', 'subnet'),
    mode: fc.constantFrom('as_is', 'one_per_domain', 'one_per_anchor'),
    custom_mode: fc.record({ field: fc.constantFrom(...CUSTOM_FIELDS), value: fc.integer({ min: 1, max: 4 }) }, PLAIN),
    main_domain: flag,
    exclude_large_domains: flag,
    rank_scale: rankScale,
    tag,
  };
  const own = Object.fromEntries(Object.entries(fields).filter(([param]) => takes(name, param)));
  return fc.record({ ...own, target: fields.target }, { requiredKeys: ['target'] });
}

/** Days that the upstream takes today, so that a failure can be made small. */
const day = fc
  .integer({ min: 1, max: 360 })
  .map((days) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10));

/** A task of an endpoint that answers everything about a target at once, with any of its parameters. */
export function singleTask(name: SingleName, vocabularies: Vocabularies, targets: Targets): fc.Arbitrary<SingleTask> {
  const since = Date.parse('2019-01-30');
  const days = Math.floor((Date.now() - since) / 86_400_000);
  const dayAfter = (count: number) => new Date(since + count * 86_400_000).toISOString().slice(0, 10);
  const range = fc
    .tuple(fc.integer({ min: 0, max: days }), fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constant(days)))
    .map(([from, more]) => ({ date_from: dayAfter(from), date_to: dayAfter(Math.min(days, from + more)) }));
  const group = fc.constantFrom('day', 'week', 'month', 'year');
  const fields = {
    target: endpointOf(name).acceptsPages ? targets.any : targets.hosts,
    internal_list_limit: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant(1000)),
    backlinks_status_type: fc.constantFrom('all', 'live', 'lost'),
    backlinks_filters: filterOf(vocabularies.links),
    group_range: group,
    include_subdomains: flag,
    include_indirect_links: flag,
    exclude_internal_backlinks: flag,
    rank_scale: rankScale,
    tag,
  };
  const own = Object.fromEntries(Object.entries(fields).filter(([param]) => takes(name, param)));
  const task = fc.record({ ...own, target: fields.target }, { requiredKeys: ['target'] });
  if (!takes(name, 'date_from')) return task;
  return fc.tuple(task, range).map(([rest, dates]) => ({ ...rest, ...dates }));
}

/** A task of a bulk endpoint with any of its parameters. */
export function bulkTask(name: BulkName, targets: Targets): fc.Arbitrary<BulkTask> {
  const { shape } = endpointOf(name).params;
  const flags = Object.entries({ include_subdomains: flag, rank_scale: rankScale }).filter(([param]) => param in shape);
  const fields = { targets: fc.array(targets.any, { minLength: 1, maxLength: 30 }), tag, ...Object.fromEntries(flags) };
  const task = fc.record(fields, { requiredKeys: ['targets'] });
  // Never left out: its default depends on the day of the request.
  return 'date_from' in shape ? fc.tuple(task, day).map(([rest, date_from]) => ({ ...rest, date_from })) : task;
}
