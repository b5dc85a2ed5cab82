import type { LinkSeen, PageFetched } from '../../src/import/part.js';

/** What one part says. */
export interface PlainPart {
  readonly links: readonly LinkSeen[];
  readonly pages: readonly PageFetched[];
}

export interface PlainLink {
  readonly from: LinkSeen;
  /** The page that it reaches: by a redirect or a canonical link another one than it names. */
  readonly to: string;
  readonly isIndirect: boolean;
  readonly nofollow: boolean | null;
  readonly isBroken: boolean | null;
  readonly first: Date;
  readonly last: Date;
  readonly lost: Date | null;
}

/** All links of some parts, one after the other, as slowly as it is plain. */
export function plainLinks(parts: readonly PlainPart[]): PlainLink[] {
  const fetches = parts.flatMap(({ pages }) => pages).filter(({ is_fetch }) => is_fetch);
  const numbered = parts.flatMap(({ links }) => links.map((link) => ({ link, nth: placeOf(link, links) })));
  const keys = new Set(numbered.map(({ link, nth }) => keyOf(link, nth)));
  return [...keys].flatMap((key) => {
    const seen = numbered.filter(({ link, nth }) => keyOf(link, nth) === key).map(({ link }) => link);
    const latest = seen.toSorted((a, b) => b.seen_at.getTime() - a.seen_at.getTime());
    const [from] = latest;
    if (from === undefined) return [];
    const nofollow = latest.map((one) => one.nofollow).find((known) => known !== null) ?? null;
    const last = from.seen_at;
    const later = fetches.filter((one) => one.url === from.url_from && one.fetched_at > last && tellsLosses(one));
    const missed = later.map(({ fetched_at }) => fetched_at);
    const lost = earliest([...missed, ...(from.lost_at ? [from.lost_at] : [])]);
    const first = earliest(seen.flatMap(({ first_seen, seen_at }) => (first_seen ? [first_seen, seen_at] : [seen_at])));
    const dates = { first: first ?? last, last, lost };
    const direct = { from, to: from.url_to, isIndirect: false, nofollow, ...dates };
    const goal = goalOf(latestOf(fetches.filter(tellsGoal), from.url_to));
    const indirect = goal === null ? [] : [{ ...direct, to: goal, isIndirect: true }];
    return [direct, ...indirect].map((link) => ({
      ...link,
      isBroken: isBroken(latestOf(fetches.filter(knowsStatus), link.to)),
    }));
  });
}

/** Whether a link counts for a target by default: it is there, comes from another domain, and reaches the target. */
export function reaches(link: PlainLink, target: string): boolean {
  if (link.lost !== null || link.from.domain_from === link.from.domain_to) return false;
  if (target.includes('://')) return link.to === target;
  const { hostname } = new URL(link.to);
  return !link.isIndirect && (hostname === target || hostname.endsWith(`.${target}`));
}

export function plainCounts(links: readonly PlainLink[]) {
  const nofollow = links.filter((link) => link.nofollow === true);
  const count = (some: readonly PlainLink[], of: (link: LinkSeen) => string) =>
    new Set(some.map(({ from }) => of(from))).size;
  const known = links.filter(({ isBroken }) => isBroken !== null);
  const broken = links.filter(({ isBroken }) => isBroken === true);
  const isUnknown = links.length > 0 && known.length === 0;
  return {
    backlinks: links.length,
    broken_backlinks: isUnknown ? null : broken.length,
    broken_pages: isUnknown ? null : new Set(broken.map(({ to }) => to)).size,
    referring_domains: count(links, ({ host_from }) => host_from),
    referring_domains_nofollow: count(nofollow, ({ host_from }) => host_from),
    referring_main_domains: count(links, ({ domain_from }) => domain_from),
    referring_main_domains_nofollow: count(nofollow, ({ domain_from }) => domain_from),
    referring_pages: count(links, ({ url_from }) => url_from),
    referring_pages_nofollow: count(nofollow, ({ url_from }) => url_from),
  };
}

/** How many of the links from one page to another were counted before it, in its fetch. */
function placeOf(link: LinkSeen, links: readonly LinkSeen[]): number {
  const alike = links.filter(
    (one) =>
      one.url_from === link.url_from && one.url_to === link.url_to && one.seen_at.getTime() === link.seen_at.getTime(),
  );
  return alike.toSorted((a, b) => (sayingOf(a) < sayingOf(b) ? -1 : 1)).indexOf(link);
}

/** Links are told apart by their types here. */
function sayingOf({ type }: LinkSeen): string {
  return type;
}

function keyOf({ url_from, url_to }: LinkSeen, nth: number): string {
  return `${url_from} ${url_to} ${nth}`;
}

function tellsLosses({ links_external, status }: PageFetched): boolean {
  return links_external !== null || [301, 302, 303, 307, 308, 404, 410].includes(status ?? 0);
}

/** What was found as it was leads where it led. */
function tellsGoal(fetch: PageFetched): boolean {
  return tellsLosses(fetch) || goalOf(fetch) !== null;
}

function knowsStatus({ status }: PageFetched): boolean {
  return status !== null;
}

/** Where each page that moved leads. */
export function plainMoves(parts: readonly PlainPart[]): ReadonlyMap<string, string | null> {
  const fetches = parts.flatMap(({ pages }) => pages).filter(knowsStatus);
  const last = [...new Set(fetches.map(({ url }) => url))].flatMap((url) => latestOf(fetches, url) ?? []);
  return new Map(last.filter(({ status }) => status === 301).map(({ url, redirect_to }) => [url, redirect_to]));
}

function latestOf(fetches: readonly PageFetched[], url: string): PageFetched | null {
  const own = fetches.filter((one) => one.url === url);
  return own.toSorted((a, b) => b.fetched_at.getTime() - a.fetched_at.getTime())[0] ?? null;
}

function goalOf(fetch: PageFetched | null): string | null {
  if (fetch === null) return null;
  const status = fetch.status ?? 200;
  const goal = status === 200 ? fetch.canonical : status < 400 ? fetch.redirect_to : null;
  return goal !== null && goal !== fetch.url && new URL(goal).hostname === fetch.host ? goal : null;
}

function isBroken(fetch: PageFetched | null): boolean | null {
  return fetch?.status === undefined || fetch.status === null ? null : fetch.status >= 400;
}

function earliest(dates: readonly Date[]): Date | null {
  return dates.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null;
}
