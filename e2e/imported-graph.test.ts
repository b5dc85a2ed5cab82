import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { builtApp } from '@linkhaul/stack';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { members, response } from '../apps/backlinks/test/import/archives.js';
import { chromiumPath, openBrowser, openTab } from './dashboard/browser.js';
import { collect, startWorld, WHILE_POLLING, type World } from './harness.js';

/** A crawl: pages of some hosts, and the targets of their links. Links within a domain do not count. */
const CRAWL: Readonly<Record<string, readonly string[]>> = {
  'https://one.com/': ['https://goal.com/', 'https://goal.com/', 'https://shop.goal.com/a', 'https://one.com/b'],
  'https://one.com/b': ['https://goal.com/', 'https://other.org/'],
  'https://blog.one.com/': ['https://goal.com/b', 'https://one.com/'],
  'https://two.net/x?y=1': ['https://other.org/', 'https://shop.goal.com/a'],
  'https://goal.com/': ['https://two.net/', 'https://shop.goal.com/a'],
};
const TARGETS = ['goal.com', 'shop.goal.com', 'other.org', 'two.net', 'one.com', 'https://goal.com/'];

/** The number of links between different domains. */
const LINKS = Object.entries(CRAWL).flatMap(([from, links]) => links.filter((to) => isFromElsewhere(from, to))).length;
const PAGES = Object.keys(CRAWL).length;

let folder: string;
let world: World;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imported-'));
  await writeFile(join(folder, 'crawl.warc.gz'), members(Object.entries(CRAWL).map(fetchOf)));
  const graph = join(dirname(builtApp('backlinks')), 'graph-main.js');
  const words = [graph, 'import', 'crawl.warc.gz', '--into', 'mine.duckdb'];
  await promisify(execFile)(process.execPath, words, { cwd: folder, env: {} });
  world = await startWorld({ env: { BACKLINKS_DATA: join(folder, 'mine.duckdb') } });
  const isTold = async () => (await world.client.capacity()).upstream.origin !== null;
  await vi.waitUntil(isTold, WHILE_POLLING);
});
afterAll(async () => {
  await world.stop();
  await rm(folder, { recursive: true });
});

it('answers each row with what a plain count of the archive has, and the job says that it is not simulated', async () => {
  const { id } = await world.client.submit({ endpoint: 'bulk_pages_summary', tag: 'mine' }, TARGETS);
  const job = await world.client.waitFor(id);
  expect(job).toMatchObject({ outcome: 'complete', upstream: { simulated: false }, rows: { ok: TARGETS.length } });

  const rows = await collect(world.client.results(id));
  const answers = rows.map(({ target, data }) => [target, data]);
  expect(Object.fromEntries(answers)).toMatchObject(
    Object.fromEntries(TARGETS.map((target) => [target, countsOf(target)])),
  );
});

it('is told by the API as what it is', async () => {
  const { upstream } = await world.client.capacity();
  const size = { domains: 4, links: LINKS, fetched_pages: PAGES };
  expect(upstream).toMatchObject({ simulated: false, origin: { kind: 'imported', ...size } });
  expect(upstream.origin?.sources).toMatchObject([{ form: 'warc', files: 1, pages: PAGES, links: LINKS }]);
});

it.skipIf(chromiumPath === '')('is shown by the page as what it is', async () => {
  const browser = await openBrowser();
  try {
    const { page } = await openTab(browser, world.apiUrl);
    const words = await page.getByRole('complementary', { name: 'About the data' }).textContent();
    expect(words).toContain(`${LINKS} links of 4 domains, from 1 file (warc) of 2026-03-04; ${PAGES} fetched pages.`);
    expect(words).not.toContain('Simulated');
  } finally {
    await browser.close();
  }
});

function fetchOf([uri, links]: readonly [string, readonly string[]]): Buffer {
  return response({ uri, body: links.map((href) => `<p><a href="${href}">a link</a></p>`).join('\n') });
}

/** The links to a page, or to the hosts of a domain, as far as they come from another domain. */
function countsOf(target: string) {
  const sources = Object.entries(CRAWL).flatMap(([from, links]) =>
    links.filter((to) => reaches(to, target) && isFromElsewhere(from, to)).map(() => from),
  );
  return {
    backlinks: sources.length,
    referring_pages: new Set(sources).size,
    referring_domains: new Set(sources.map((from) => new URL(from).hostname)).size,
    referring_main_domains: new Set(sources.map(mainDomainOf)).size,
  };
}

function reaches(to: string, target: string): boolean {
  return to === target || `.${new URL(to).hostname}`.endsWith(`.${target}`);
}

function isFromElsewhere(from: string, to: string): boolean {
  return mainDomainOf(from) !== mainDomainOf(to);
}

function mainDomainOf(page: string): string {
  return new URL(page).hostname.split('.').slice(-2).join('.');
}
