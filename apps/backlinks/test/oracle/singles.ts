import { type EndpointName, endpointOf, hostOf, type KindOf } from '@linkhaul/schemas';
import type { Item } from './links.js';
import { cut, type ListTask, reachingLinks } from './lists.js';
import { type Counts, grouped, metricsOf, scaledRank } from './metrics.js';
import { isWithin, type Link, normalForm, type World } from './world.js';

export interface SingleTask extends ListTask {
  readonly date_from?: string;
  readonly date_to?: string;
  readonly group_range?: string;
}

export type SingleName = { [E in EndpointName]: KindOf<E> extends 'single' ? E : never }[EndpointName];

interface Period {
  readonly first: string;
  /** The midnight behind its last day. */
  readonly end: string;
  readonly last: string;
}

export function isSingle(name: EndpointName): name is SingleName {
  return endpointOf(name).kind === 'single';
}

/** `result` of an endpoint that answers everything about a target at once. */
export function singleResult(world: World, name: SingleName, task: SingleTask): Item[] | null {
  const normal = normalForm(task.target);
  const isKnown = world.hosts.has(normal) || world.pages.has(normal);
  if (name === 'summary') return isKnown ? [summary(world, task)] : null;
  if (name === 'history' && !isKnown) return null;
  const today = new Date().toISOString().slice(0, 10);
  const { date_to: to = today, group_range: range = 'month' } = task;
  const from = task.date_from ?? (name === 'history' ? '2019-01-01' : '2019-01-30');
  const periods = periodsOf(from, to, range).filter(({ last }) => name !== 'history' || last <= to);
  const links = reachingLinks(world, { ...task, backlinks_status_type: 'all' });
  const moments = periods.map((period) => momentOf(links, period));
  const items = moments.map((moment) => ITEMS[name](moment, { world, task }));
  const head = { target: task.target, date_from: `${from} 00:00:00 +00:00`, date_to: `${to} 00:00:00 +00:00` };
  const counted = { items_count: items.length, items: items.length === 0 ? null : items };
  return [name === 'history' ? { ...head, ...counted } : { ...head, group_range: range, ...counted }];
}

interface Moment {
  readonly period: Period;
  readonly live: readonly Link[];
  readonly changes: Counts;
}

type ItemOf = (moment: Moment, asked: { world: World; task: SingleTask }) => Item;

const ITEMS: Readonly<Record<Exclude<SingleName, 'summary'>, ItemOf>> = {
  history: (moment, { world, task }) => {
    const { first_seen, lost_date, backlinks_spam_score, ...figures } = metricsOf(moment.live, world);
    const { new_referring_main_domains, lost_referring_main_domains, ...changes } = moment.changes;
    const normal = normalForm(task.target);
    const visited = [...world.pages.values()].filter(
      (page) => isWithin(page, normal, true) && (page.row.first_visited ?? '~') < moment.period.end,
    );
    const figuresAndMaps = { ...cut(figures, 10), ...firstTen(figures.referring_links_countries) };
    return {
      type: 'backlinks_history',
      ...dated(moment),
      rank: null,
      ...figuresAndMaps,
      ...changes,
      ...siteAt(visited),
    };
  },
  timeseries_summary: (moment, { world }) => {
    const all = metricsOf(moment.live, world);
    const kept = Object.entries(all).filter(([name]) => /^referring_(?!links)/.test(name));
    const nofollow = moment.live.filter(({ row }) => row.nofollow === true).length;
    const counts = { backlinks: all.backlinks, backlinks_nofollow: nofollow, ...Object.fromEntries(kept) };
    return { type: 'backlinks_timeseries_summary', ...dated(moment), rank: null, ...counts };
  },
  timeseries_new_lost_summary: (moment) => ({
    type: 'backlinks_timeseries_new_lost_summary',
    ...dated(moment),
    ...moment.changes,
  }),
};

function dated({ period }: Moment): Item {
  return { date: `${period.last} 00:00:00 +00:00` };
}

function firstTen(countries: Counts | null): Item {
  return {
    referring_links_countries: countries && Object.fromEntries(Object.entries(countries).slice(0, 10)),
  };
}

function siteAt(visited: readonly unknown[]): Item {
  const info = {
    server: null,
    cms: null,
    platform_type: null,
    ip_address: null,
    country: null,
    is_ip: false,
    target_spam_score: null,
  };
  return { crawled_pages: visited.length, info, internal_links_count: null, external_links_count: null };
}

function momentOf(links: readonly Link[], period: Period): Moment {
  const isLive = ({ row }: Link) =>
    row.first_seen < period.end && (row.lost_date === null || row.lost_date >= period.end);
  const isIn = (time: string | null) => time !== null && time >= period.first && time < period.end;
  const changesOf = (name: string, groups: readonly (readonly Link[])[]): [string, number][] => [
    [
      `new_${name}`,
      groups.filter((group) => isIn(group.map(({ row }) => row.first_seen).toSorted()[0] ?? null)).length,
    ],
    [
      `lost_${name}`,
      groups.filter((group) => group.some(({ row }) => isIn(row.lost_date)) && !group.some(isLive)).length,
    ],
  ];
  const changes = [
    ...changesOf(
      'backlinks',
      links.map((link) => [link]),
    ),
    ...changesOf('referring_domains', [...grouped(links, ({ source }) => source.host).values()]),
    ...changesOf('referring_main_domains', [...grouped(links, ({ source }) => source.host.site).values()]),
  ];
  return { period, live: links.filter(isLive), changes: Object.fromEntries(changes) };
}

/** Goes from day to day. */
function periodsOf(from: string, to: string, range: string): Period[] {
  const days = new Map<string, string[]>();
  const name = (day: string) => nameOf(day, range);
  for (let day = before(from, range); name(day) <= name(to); day = nextDay(day)) {
    days.set(name(day), [...(days.get(name(day)) ?? []), day]);
  }
  const all = [...days.values()].map((each): Period => {
    const last = each.at(-1) ?? '';
    return { first: each[0] ?? '', last, end: `${nextDay(last)} 00:00:00 +00:00` };
  });
  return all.filter(({ last }) => last >= from);
}

/** A name that all days of a period share, in the order of time. A week's is that of its Sunday. */
function nameOf(day: string, range: string): string {
  if (range === 'month') return day.slice(0, 7);
  if (range === 'year') return day.slice(0, 4);
  let named = day;
  while (range === 'week' && new Date(named).getUTCDay() !== 0) named = nextDay(named);
  return named;
}

/** The first day of the period of a day. */
function before(day: string, range: string): string {
  let first = day;
  while (nameOf(shifted(first, -1), range) === nameOf(day, range)) first = shifted(first, -1);
  return first;
}

function nextDay(day: string): string {
  return shifted(day, 1);
}

function shifted(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

function summary(world: World, task: SingleTask): Item {
  const normal = normalForm(task.target);
  const page = world.pages.get(normal);
  const host = page?.host ?? world.hosts.get(hostOf(normal));
  const pages = [...world.pages.values()].filter((one) => isWithin(one, normal, task.include_subdomains ?? true));
  const fetched = pages.filter(({ row }) => row.fetch_time !== null);
  const isAnyMissing = pages.some(({ row }) => row.status_code !== null && row.status_code !== 200);
  const sum = (numbers: (number | null)[]) => {
    const known = numbers.filter((one) => one !== null);
    return known.length === 0 && !isAnyMissing ? null : known.reduce((total, one) => total + one, 0);
  };
  const home = [...world.pages.values()]
    .filter((one) => one.host === host && one.row.technologies !== null)
    .toSorted((a, b) => a.row.page_id - b.row.page_id)[0];
  const { technologies } = home?.row ?? {};
  return {
    target: task.target,
    rank: scaledRank(page?.row.rank ?? host?.rank ?? 0, task.rank_scale),
    ...cut(metricsOf(reachingLinks(world, task), world), task.internal_list_limit ?? 10),
    crawled_pages: fetched.length,
    info: {
      server: host?.site.server ?? null,
      cms: technologies?.cms ?? null,
      platform_type: host?.site.platforms ?? null,
      ip_address: host?.ip ?? null,
      country: host?.site.country ?? null,
      is_ip: false,
      target_spam_score: page?.row.spam_score ?? host?.site.spam_score ?? null,
    },
    internal_links_count: sum(pages.map(({ row }) => row.internal_links_count)),
    external_links_count: sum(pages.map(({ row }) => row.external_links_count)),
  };
}
