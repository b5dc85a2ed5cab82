import { normaliseTarget } from '@linkhaul/schemas';
import type { Graph } from '../../src/graph/open.js';
import { readTables, type Tables } from './rows.js';

interface Site {
  readonly domain: string;
  readonly tld: string;
  readonly server: string | null;
  readonly country: string | null;
  readonly spam_score: number | null;
  readonly rank: number;
  /** Null where no source knows. */
  readonly platforms: readonly string[] | null;
}

interface Host {
  readonly host: string;
  readonly ip: string | null;
  readonly subnet: number | null;
  readonly rank: number;
  readonly site: Site;
}

export interface Page {
  readonly host: Host;
  readonly row: Tables['pages'][number];
}

export interface Link {
  readonly source: Page;
  readonly target: Page;
  /** The page over which an indirect link comes. */
  readonly via: Page | null;
  readonly attributes: readonly string[];
  readonly row: Tables['links'][number];
}

/** The whole graph as plain objects that hold one another. */
export interface World {
  readonly sites: ReadonlyMap<string, Site>;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly pages: ReadonlyMap<string, Page>;
  readonly links: readonly Link[];
  /** Whether spam scores are known: of no import. */
  readonly knowsSpam: boolean;
}

export async function readWorld(graph: Graph): Promise<World> {
  return worldOf(await readTables(graph), graph.origin.kind === 'generated');
}

function worldOf(tables: Tables, knowsSpam: boolean): World {
  const platforms = new Map(tables.platformSets.map(({ set_id, names }) => [set_id, names]));
  const attributes = new Map(tables.attributeSets.map(({ set_id, names }) => [set_id, names]));
  const sites = new Map(
    tables.domains.map((row) => [
      row.domain_id,
      { ...row, platforms: row.platform_set === null ? null : there(platforms.get(row.platform_set)) },
    ]),
  );
  const hosts = new Map(tables.hosts.map((row) => [row.host_id, { ...row, site: there(sites.get(row.domain_id)) }]));
  const pages = new Map(tables.pages.map((row) => [row.page_id, { row, host: there(hosts.get(row.host_id)) }]));
  const links = tables.links.map((row) => ({
    row,
    source: there(pages.get(row.source_page)),
    target: there(pages.get(row.target_page)),
    via: row.via_page === null ? null : there(pages.get(row.via_page)),
    attributes: there(attributes.get(row.attribute_set)),
  }));
  return {
    sites: new Map([...sites.values()].map((site) => [site.domain, site])),
    hosts: new Map([...hosts.values()].map((host) => [host.host, host])),
    pages: new Map([...pages.values()].map((page) => [page.row.url, page])),
    links,
    knowsSpam,
  };
}

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a row names another that is not there');
  return value;
}

export function isInternal({ source, target }: Link): boolean {
  return source.host.site === target.host.site;
}

export function isIndirect({ row }: Link): boolean {
  return row.via_page !== null;
}

/** A target's normal form: the URL of a page, or the name of a host. */
export function normalForm(target: string): string {
  const normal = normaliseTarget(target, { as: 'given', keepWww: true, acceptsPages: true });
  if (!normal.ok) throw new Error(`${target} is no target: ${normal.code}`);
  return normal.target;
}

/** Whether a page lies within a target: is it, is on that host, or on one below it. */
export function isWithin(page: Page, normal: string, withSubdomains: boolean): boolean {
  if (normal.includes('://')) return page.row.url === normal;
  const { host } = page.host;
  return host === normal || (withSubdomains && host.endsWith(`.${normal}`));
}
