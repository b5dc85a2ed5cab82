import { conditionsFor, everyNull, everyOperator } from './cases.js';
import { type FieldList, ITEM_FIELDS, LINK_FIELDS, lackingIn } from './fields.js';
import { meets } from './filter.js';
import type { Item } from './links.js';
import { type ListName, type ListTask, metItems, takes } from './lists.js';
import { fieldsOfLink } from './metrics.js';
import { namesIn, otherName, spread } from './pools.js';
import type { World } from './world.js';

type Condition = readonly unknown[];

/** Everything there is to see of an endpoint, whatever the target. */
export function allOf(name: ListName): Partial<ListTask> {
  const all = { exclude_internal_backlinks: false, backlinks_status_type: 'all', exclude_large_domains: false };
  return Object.fromEntries(Object.entries(all).filter(([param]) => takes(name, param)));
}

/** What may stand in a filter or a sort. */
export interface Vocabulary {
  readonly names: readonly string[];
  /** For each field and operator some conditions. */
  readonly conditions: readonly (readonly Condition[])[];
  /** Those that many items meet, where there are any: filters of others alone let nothing through. */
  readonly mild: readonly (readonly Condition[])[];
}

export interface Vocabularies extends Readonly<Record<ListName, Vocabulary>> {
  readonly links: Vocabulary;
}

const MOST_KEYS = 6;
const MOST_TRIES = 12;
const MOST_ITEMS = 30;

/** Names and values of what links to some targets. */
export function vocabulariesOf(world: World, targets: readonly string[]): Vocabularies {
  const ofItems = (name: ListName) => {
    const items = targets.flatMap((target) => [
      ...metItems(world, name, { ...allOf(name), target }),
      ...(takes(name, 'backlinks_status_type')
        ? metItems(world, name, { ...allOf(name), target, backlinks_status_type: 'lost' })
        : []),
    ]);
    return vocabularyOf(items, ITEM_FIELDS[name], lackingIn(name));
  };
  return {
    backlinks: ofItems('backlinks'),
    competitors: ofItems('competitors'),
    anchors: ofItems('anchors'),
    referring_networks: ofItems('referring_networks'),
    referring_domains: ofItems('referring_domains'),
    domain_pages: ofItems('domain_pages'),
    domain_pages_summary: ofItems('domain_pages_summary'),
    links: vocabularyOf(world.links.map(fieldsOfLink), LINK_FIELDS),
  };
}

function vocabularyOf(items: readonly Item[], known: FieldList, without: readonly string[] = []): Vocabulary {
  const full = [...namesIn(items, known, MOST_KEYS), ...[...known.maps.keys()].map((map) => `${map}.not there`)];
  const names = [...new Set([...full, ...full.map(otherName)])];
  const some = spread(items).slice(0, MOST_ITEMS);
  const isMild = (condition: Condition) =>
    some.filter((item) => meets(item, condition, known)).length >= some.length / 3;
  const pairs = [...everyOperator(full, known, without), ...everyNull(names)];
  const conditions = pairs.map((pair) => spread(conditionsFor(items, known, pair)).slice(0, MOST_TRIES));
  const mild = conditions.map((each) => each.filter(isMild)).filter(({ length }) => length > 0);
  return { names, conditions, mild };
}
