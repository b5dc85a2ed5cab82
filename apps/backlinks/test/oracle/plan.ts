import type { Pair } from './cases.js';
import { type FieldList, ITEM_FIELDS, LINK_FIELDS } from './fields.js';
import type { Item } from './links.js';
import { type ListName, type ListTask, metItems } from './lists.js';
import { fieldsOfLink } from './metrics.js';
import { packed } from './packs.js';
import { namesIn } from './pools.js';
import { isWithin, type World } from './world.js';

/** What `filters` or `backlinks_filters` filter. */
export interface Part {
  readonly field: 'filters' | 'backlinks_filters';
  readonly known: FieldList;
  readonly names: readonly string[];
  of(task: ListTask): Item[];
}

export interface Plan {
  readonly tasks: readonly ListTask[];
  /** Which part of the pairs divides what is filtered, at one target or another. */
  readonly share: number;
}

export function itemsPart(world: World, name: ListName, tasks: readonly ListTask[]): Part {
  const of = (task: ListTask) => metItems(world, name, task);
  const known = ITEM_FIELDS[name];
  return { field: 'filters', known, of, names: namesIn(tasks.flatMap(of), known, 1) };
}

export function linksPart(world: World, constant: readonly string[]): Part {
  const of = ({ target }: ListTask) =>
    world.links.filter((link) => isWithin(link.target, target, true)).map(fieldsOfLink);
  return {
    field: 'backlinks_filters',
    known: LINK_FIELDS,
    of,
    names: [...LINK_FIELDS.fields.keys()].filter((name) => !constant.includes(name)),
  };
}

/** Tasks that try each pair at the first target where it divides what is filtered, else at the last. */
export function planOf(bases: readonly ListTask[], part: Part, pairs: readonly Pair[]): Plan {
  const tasks: ListTask[] = [];
  let left = pairs;
  for (const [index, base] of bases.entries()) {
    const { telling, idle, idlePairs } = packed(part.of(base), part.known, left);
    const filters = index === bases.length - 1 ? [...telling, ...idle] : telling;
    tasks.push(...filters.map((filter) => ({ ...base, [part.field]: filter })));
    left = idlePairs;
  }
  return { tasks, share: 1 - left.length / pairs.length };
}
