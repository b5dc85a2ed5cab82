import { ITEM_FIELDS, type Value } from './fields.js';
import { meets } from './filter.js';
import { type Item, linkItems } from './links.js';
import { countedLinks, countedWhere, cut, highestRank, type ListTask, reachingLinks } from './lists.js';
import { grouped, metricsOf } from './metrics.js';
import { sorted } from './sort.js';
import type { Link, World } from './world.js';

export type SetName = 'domain_intersection' | 'page_intersection';

export interface SetTask extends Omit<ListTask, 'target'> {
  readonly targets: Readonly<Record<string, string>>;
  readonly exclude_targets?: readonly string[];
  readonly intersection_mode?: string;
}

interface Intersection {
  readonly subjectOf: (link: Link) => string;
  readonly ofEach: (links: readonly Link[], name: string, asked: { task: ListTask; world: World }) => Value;
}

const INTERSECTIONS: Readonly<Record<SetName, Intersection>> = {
  domain_intersection: {
    subjectOf: ({ source }) => source.host.site.domain,
    ofEach: (links, target, { task, world }) => ({
      type: 'backlinks_domain_intersection',
      target,
      rank: highestRank(links, task),
      ...metricsOf(links, world),
    }),
  },
  page_intersection: {
    subjectOf: ({ source }) => source.row.url,
    ofEach: (links, _, { task: { rank_scale } }) => linkItems(links, { ...(rank_scale && { rank_scale }) }).map(asLink),
  },
};

/** A link of a page that links to several targets has neither picture nor keywords. */
function asLink({ image_url: _, ranked_keywords_info: __, ...link }: Item): Item {
  return { ...link, type: 'backlinks_page_intersection' };
}

/** `result` of a set endpoint. */
export function setResult(world: World, name: SetName, task: SetTask): Item[] {
  const { limit = 100, offset = 0, internal_list_limit: most = 10 } = task;
  const met = metRows(world, name, task);
  const page = met.slice(offset, offset + limit).map(
    ({ intersections_count = null, name: _, ...ofEach }): Item => ({
      [name]: Object.fromEntries(Object.entries(ofEach).map(([number, each]) => [number, shortened(each, most)])),
      summary: { intersections_count },
    }),
  );
  return [
    {
      targets: task.targets,
      total_count: met.length,
      items_count: page.length,
      items: page.length === 0 ? null : page,
    },
  ];
}

function shortened(each: Value, most: number): Value {
  return each === null || typeof each !== 'object' || Array.isArray(each) ? each : cut(each as Item, most);
}

/** Rows as filters see them: what links to each target under its number, and how many targets there are. */
function metRows(world: World, name: SetName, task: SetTask): Item[] {
  const { targets, filters, order_by = [], intersection_mode: mode = 'all' } = task;
  const { subjectOf, ofEach } = INTERSECTIONS[name];
  const numbers = Object.keys(targets);
  const found = numbers.map((number) => {
    const one = { ...task, target: targets[number] ?? '' };
    return [number, grouped(reachingLinks(world, one), subjectOf), one] as const;
  });
  const out = excludedSubjects(world, name, task);
  const subjects = [...new Set(found.flatMap(([, groups]) => [...groups.keys()]))].filter((one) => !out.has(one));
  const rows = subjects.map((subject): Item => {
    const each = found.map(([number, groups, one]): [string, Value] => {
      const links = groups.get(subject);
      return [number, links === undefined ? null : ofEach(links, subject, { task: one, world })];
    });
    const count = each.filter(([, value]) => value !== null).length;
    return { ...Object.fromEntries(each), name: subject, intersections_count: count };
  });
  const known = fieldsOf(name, numbers);
  const chosen = rows.filter((row) => Number(row.intersections_count) >= (mode === 'all' ? numbers.length : 1));
  const flat = chosen.map((row) => ({ row, view: name === 'page_intersection' ? oneLinkEach(row, numbers) : row }));
  const met = flat.filter(({ view }) => !filters || meets(view, filters, known));
  const rowOf = new Map(met.map(({ row, view }) => [view, row]));
  const views = sorted(
    met.map(({ view }) => view),
    [...order_by, `${numbers[0]}.rank,desc`, 'name,asc'],
    known,
  );
  return views.map((view) => rowOf.get(view) ?? view);
}

/** A page has one link to each target here, which is what filters speak of. */
function oneLinkEach(row: Item, numbers: readonly string[]): Item {
  const each = numbers.map((number): [string, Value] => {
    const links = row[number];
    return [number, Array.isArray(links) ? (links[0] ?? null) : null];
  });
  return { ...row, ...Object.fromEntries(each) };
}

export function fieldsOf(name: SetName, numbers: readonly string[]) {
  const { fields, maps } = name === 'domain_intersection' ? ITEM_FIELDS.referring_domains : ITEM_FIELDS.backlinks;
  const named = (field: string) => (field === 'domain' ? 'target' : field);
  const own = [...fields].filter(([field]) => field !== 'image_url' && !field.startsWith('ranked_keywords_info.'));
  return {
    fields: new Map([
      ...numbers.flatMap((number) => own.map(([field, type]) => [`${number}.${named(field)}`, type] as const)),
      ['intersections_count', 'num'] as const,
      ['name', 'str'] as const,
    ]),
    maps: new Map(numbers.flatMap((number) => [...maps].map(([map, type]) => [`${number}.${map}`, type] as const))),
  };
}

function excludedSubjects(world: World, name: SetName, task: SetTask): Set<string> {
  const { exclude_targets: excluded = [], backlinks_filters: _, ...rest } = task;
  const { subjectOf } = INTERSECTIONS[name];
  const links = excluded.flatMap((target) =>
    target.endsWith('*')
      ? countedWhere(world, { ...rest, target }, (link) => link.target.row.url.startsWith(target.slice(0, -1)))
      : countedLinks(world, { ...rest, target }),
  );
  return new Set(links.map(subjectOf));
}
