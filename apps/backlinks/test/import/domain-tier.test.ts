import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { EndpointName } from '@linkhaul/schemas';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { tries } from '../../../../e2e/env.js';
import { type Graph, openFile, openGraph } from '../../src/graph/open.js';
import { buildGraph } from '../../src/import/build/build.js';
import { makePart } from '../../src/import/make-part.js';
import { runTask } from '../../src/run-task.js';
import { MEANS, SMALL } from '../support.js';
import { linkSeen, writePart } from './rows.js';

const HOSTS = ['a.com', 'www.a.com', 'www.b.co.uk', 'deep.docs.b.co.uk', 'c.github.io', 'd.org', 'www.e.net', 'f.dev'];
const DOMAINS = ['a.com', 'b.co.uk', 'c.github.io', 'd.org', 'e.net', 'f.dev'];
const NOBODY = 'nobody.com';
const RELEASES = ['cc-main-2025-may-jun-jul', 'cc-main-2025-aug-sep-oct'];

type Edge = readonly [from: string, to: string];

interface World {
  /** Web graphs of hosts, with an edge between two domains in each. */
  readonly webs: readonly (readonly Edge[])[];
  /** PageRank by domain. */
  readonly ranks: ReadonlyMap<string, number>;
  /** The domains of pages that link to pages of others. */
  readonly pages: readonly Edge[];
  readonly only: string[] | null;
}

const edgeOf = (names: readonly string[]) => fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names));
const world: fc.Arbitrary<World> = fc.record({
  webs: fc.array(
    fc.array(edgeOf(HOSTS), { maxLength: 12 }).map((edges): Edge[] => [['a.com', 'www.e.net'], ...edges]),
    { maxLength: 2 },
  ),
  ranks: fc
    .uniqueArray(fc.tuple(fc.constantFrom(...DOMAINS), fc.integer({ min: 1, max: 900 })), {
      selector: ([name]) => name,
    })
    .map((ranks) => new Map(ranks.map(([name, rank]) => [name, rank / 1e6]))),
  pages: fc.uniqueArray(edgeOf(DOMAINS.slice(0, 4)), { selector: (edge) => edge.join(' '), maxLength: 4 }),
  only: fc.option(fc.constant(['e.net', 'b.co.uk']), { freq: 3 }),
});

const backwards = (name: string) => name.split('.').toReversed().join('.');
const domainOf = (host: string) => DOMAINS.find((domain) => host === domain || host.endsWith(`.${domain}`)) ?? '';

/** Writes the files of a world and makes their parts. */
async function importWorld(folder: string, { webs, ranks, pages, only }: World): Promise<string> {
  const parts = join(folder, 'parts');
  const make = async (name: string, lines: readonly string[]) => {
    await writeFile(join(folder, name), lines.map((line) => `${line}\n`).join(''));
    if (name.includes('vertices')) return;
    const made = await makePart(join(folder, name), {
      folder: parts,
      options: { internal: false, only },
      onStep: () => {},
    });
    expect(made).toMatchObject({ ok: true });
  };
  for (const [web, edges] of webs.entries()) {
    // Each web graph numbers hosts its own way.
    const hosts = web === 0 ? HOSTS : HOSTS.toReversed();
    const of = (kind: string) => `${RELEASES[web]}-host-${kind}.txt`;
    await make(
      of('vertices'),
      hosts.map((host, id) => `${id}\t${backwards(host)}`),
    );
    await make(
      of('edges'),
      edges.map(([from, to]) => `${hosts.indexOf(from)}\t${hosts.indexOf(to)}`),
    );
  }
  const byRank = [...ranks].toSorted(([, one], [, other]) => other - one);
  if (byRank.length > 0) {
    await make(`${RELEASES[0]}-domain-ranks.txt`, [
      '#harmonicc_pos\t#harmonicc_val\t#pr_pos\t#pr_val\t#host_rev\t#n_hosts',
      ...byRank.map(([name, rank], at) => `${at + 1}\t1.5E7\t${at + 1}\t${rank}\t${backwards(name)}\t1`),
    ]);
  }
  const links = pages.map(([from, to]) => linkSeen(`https://${from}/`, `https://${to}/`));
  if (links.length > 0) await writePart(parts, 'pages', { links, pages: [] });
  return parts;
}

/** What the domain tier knows, counted the plain way. */
function plainTier({ webs, ranks, only }: World) {
  const isWanted = (domain: string) => only === null || only.includes(domain);
  const edges = new Map<string, Set<string>>();
  for (const [from, to] of webs.flat().map((edge) => edge.map(domainOf))) {
    if (from === undefined || to === undefined || from === to || !isWanted(to)) continue;
    edges.set(to, (edges.get(to) ?? new Set()).add(from));
  }
  const ranked = [...ranks].filter(([name]) => isWanted(name));
  const [lowest, highest] = [Math.min(...ranked.map(([, one]) => one)), Math.max(...ranked.map(([, one]) => one))];
  const rankOf = (value: number) => Math.round((1000 * Math.log(value / lowest)) / Math.log(highest / lowest));
  return {
    edges,
    ranks: new Map(ranked.map(([name, value]) => [name, highest === lowest ? 0 : rankOf(value)])),
    names: new Set([
      ...edges.keys(),
      ...[...edges.values()].flatMap((from) => [...from]),
      ...ranked.map(([name]) => name),
    ]),
    nothing: edges.size > 0 && only === null ? 0 : null,
  };
}

const results = z.array(z.looseObject({ items: z.array(z.looseObject({})).nullable().optional() })).nullable();

async function ask(graph: Graph, name: EndpointName, task: Record<string, unknown>) {
  const outcome = await runTask(graph, { name, task }, { login: 'local', now: 0, tokensLastMs: null });
  return results.parse(JSON.parse(outcome.result ?? 'null'))?.[0] ?? null;
}

/** The only figures that edges and ranks tell. */
const TOLD = [
  'type',
  'target',
  'url',
  'domain',
  'rank',
  'main_domain_rank',
  'referring_main_domains',
  'domain_tier_items',
];

function expectNothingElse(item: Readonly<Record<string, unknown>>, message: string): void {
  const more = Object.entries(item).filter(
    ([name, value]) => value !== null && !TOLD.includes(name) && name !== 'info',
  );
  expect(more, message).toEqual([]);
}

async function expectTierAnswers(graph: Graph, domain: string, tier: ReturnType<typeof plainTier>): Promise<void> {
  const from = tier.edges.get(domain);
  const told = { rank: tier.ranks.get(domain) ?? null, referring_main_domains: from?.size ?? tier.nothing };
  const summary = await ask(graph, 'summary', { target: domain });
  expect(summary, domain).toMatchObject({ target: domain, ...told, backlinks: null, domain_tier_items: 1 });
  expectNothingElse(summary ?? {}, domain);
  const list = await ask(graph, 'referring_domains', { target: domain, order_by: ['domain,asc'] });
  if (told.referring_main_domains === null) expect(list, domain).toBeNull();
  else expect(list, domain).toMatchObject({ total_count: from?.size ?? 0, domain_tier_items: from?.size ?? 0 });
  const items = [...(from ?? [])].toSorted().map((one) => ({ domain: one, rank: tier.ranks.get(one) ?? null }));
  expect(list?.items ?? []).toMatchObject(items);
  for (const item of list?.items ?? []) expectNothingElse(item, domain);
  for (const [name, more] of [
    ['summary', { include_subdomains: false }],
    ['referring_domains', { backlinks_status_type: 'lost' }],
    ['referring_domains', { backlinks_filters: ['dofollow', '=', true] }],
    ['anchors', {}],
    ['backlinks', {}],
    ['domain_pages', {}],
    ['history', {}],
    ['timeseries_summary', {}],
  ] as const) {
    expect(await ask(graph, name, { target: domain, ...more }), `${name} ${domain}`).toBeNull();
  }
  expect(await ask(graph, 'domain_intersection', { targets: { 1: domain } }), domain).toBeNull();
}

const BULK = [
  'bulk_backlinks',
  'bulk_ranks',
  'bulk_referring_domains',
  'bulk_pages_summary',
  'bulk_spam_score',
  'bulk_new_lost_referring_domains',
] as const;

const ASKED = DOMAINS.flatMap((domain) => [domain, `www.${domain}`, `https://${domain}/new`]);
const domainOfTarget = (target: string) => domainOf(target.replace(/^https:\/\/|\/new$/g, ''));

/** What the items of a target have at least, each as far as it has these fields. */
function expectedOf(target: string, { pages }: World, { names, ranks, edges, nothing }: ReturnType<typeof plainTier>) {
  const domain = domainOfTarget(target);
  const isItself = target === domain;
  const rank = ranks.get(domain);
  if (names.has(domain) && !pages.flat().includes(domain)) {
    const own = isItself ? { rank: rank ?? null, referring_main_domains: edges.get(domain)?.size ?? nothing } : {};
    return { isAlone: true, fields: { backlinks: null, rank: null, referring_main_domains: null, ...own } };
  }
  const seen = isItself ? pages.filter(([from, to]) => from !== to && to === domain).length : null;
  const counts = seen === null ? {} : { backlinks: seen, referring_main_domains: seen };
  return { isAlone: false, fields: { ...counts, ...(isItself && rank !== undefined ? { rank } : {}) } };
}

async function expectBulkAnswers(graph: Graph, given: World, tier: ReturnType<typeof plainTier>): Promise<void> {
  const expected = new Map(ASKED.map((target) => [target, expectedOf(target, given, tier)]));
  const alone = ASKED.filter((target) => expected.get(target)?.isAlone);
  for (const name of BULK) {
    const answer = await ask(graph, name, { targets: [...ASKED, NOBODY] });
    const items = new Map(answer?.items?.map((item) => [item.target ?? item.url, item]));
    expect(answer?.domain_tier_items ?? 0, name).toBe(alone.length);
    for (const [target, { fields }] of expected) {
      const item = items.get(target) ?? {};
      const known = Object.entries(fields).filter(([field]) => field in item);
      expect(item, `${name} ${target}`).toMatchObject(Object.fromEntries(known));
    }
    for (const target of alone) expectNothingElse(items.get(target) ?? {}, `${name} ${target}`);
    if (name === 'bulk_backlinks') expect(items.get(NOBODY)).toEqual({ target: NOBODY, backlinks: 0 });
  }
  for (const target of alone.filter((one) => DOMAINS.includes(one))) await expectTierAnswers(graph, target, tier);
}

test('the domain tier answers what a plain counter counts, and the page tier what its pages say', async () => {
  const property = fc.asyncProperty(world, async (given) => {
    fc.pre(given.webs.length + given.ranks.size + given.pages.length > 0);
    const folder = await mkdtemp(join(tmpdir(), 'tier-'));
    try {
      const path = join(folder, 'graph.duckdb');
      await buildGraph(await importWorld(folder, given), { path, memory: '500MB', threads: 1 });
      const graph = await openFile({ ...MEANS, path, settings: SMALL });
      try {
        const tier = plainTier(given);
        const edges = [...tier.edges.values()].reduce((sum, from) => sum + from.size, 0);
        const releases = [...new Set([...given.webs.keys(), ...(given.ranks.size > 0 ? [0] : [])])].toSorted();
        expect(graph.origin.domain_tier).toEqual(
          releases.length === 0
            ? null
            : {
                domains: tier.names.size,
                edges,
                ranked_domains: tier.ranks.size,
                releases: releases.map((web) => RELEASES[web]).toSorted(),
              },
        );
        expect(graph.counts.links).toBe(given.pages.length);
        await expectBulkAnswers(graph, given, tier);
      } finally {
        graph.close();
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
  await fc.assert(property, { numRuns: tries(8) });
});

test('a graph that was imported before there was a domain tier is served as it was', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tier-'));
  try {
    await writePart(folder, 'one', { links: [linkSeen('https://a.com/', 'https://d.org/')], pages: [] });
    const path = join(folder, 'graph.duckdb');
    await buildGraph(folder, { path, memory: '500MB', threads: 1 });
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    await connection.run(`UPDATE generator SET origin = json_merge_patch(origin, '{"domain_tier":null}')::VARCHAR`);
    connection.closeSync();
    instance.closeSync();
    const graph = await openGraph({ ...MEANS, path, settings: SMALL });
    expect(graph.origin).toMatchObject({ kind: 'imported', domain_tier: null });
    const answer = await ask(graph, 'bulk_referring_domains', { targets: ['d.org', 'nobody.com'] });
    expect(answer?.items?.map((item) => item.referring_main_domains).toSorted()).toEqual([0, 1]);
    expect(answer).not.toHaveProperty('domain_tier_items');
    graph.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});
