/** A list of targets in input order, with its duplicates. */
export interface MoneyList {
  readonly name: string;
  targets(): string[];
}

const SEED = 20_261_122;

/** Lists like those of users. They are the same in every run. */
export const LISTS: readonly MoneyList[] = [
  { name: "an agency's: 100,000 pages, 5,000 domains, shuffled", targets: agencyList },
  { name: 'the same, and each host and its root page', targets: agencyListWithHosts },
  { name: '100,000 domains and 20 sites of 2,500 pages, mixed', targets: mixedList },
  { name: 'a crawl export: 1,000,000 pages, 20,000 domains, 3 % twice', targets: crawlExport },
];

/** Pages by Zipf's law: the domain of rank r has a share of 1 / r of all pages, and at least one. */
function agencyList(): string[] {
  const [pages, domains] = [100_000, 5000];
  const weights = Array.from({ length: domains }, (_, rank) => 1 / (rank + 1));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const sizes = weights.map((weight) => 1 + Math.floor(((pages - domains) * weight) / whole));
  const targets = sizes.flatMap((size, domain) => pagesOf(`client${domain}.com`, size));
  const missing = pages - targets.length;
  return shuffled([...targets, ...pagesOf('client0.com', missing).map((page) => `${page}?more`)]);
}

/** A host and its root page have one match key: they never share a call. */
function agencyListWithHosts(): string[] {
  const pages = agencyList();
  const hosts = [...new Set(pages.map((page) => new URL(page).host))];
  return shuffled([...pages, ...hosts, ...hosts.map((host) => `https://${host}/`)]);
}

function mixedList(): string[] {
  const ones = Array.from({ length: 100_000 }, (_, at) => `https://shop${at}.com/`);
  const sites = Array.from({ length: 20 }, (_, at) => pagesOf(`magazine${at}.org`, 2500)).flat();
  return shuffled([...ones, ...sites]);
}

/** Ordered by site, as crawlers write it. A page that is found again is a few lines further down. */
function crawlExport(): string[] {
  const [rows, domains, again] = [1_000_000, 20_000, 33];
  const targets: string[] = [];
  for (let row = 0; row < rows; row++) {
    const page = row % again === again - 1 ? row - again + 2 : row;
    targets.push(`https://www.site${Math.floor((page * domains) / rows)}.net/articles/${page}.html`);
  }
  return targets;
}

function pagesOf(host: string, pages: number): string[] {
  return Array.from({ length: pages }, (_, at) => `https://${host}/page/${at}`);
}

function shuffled(targets: string[]): string[] {
  const random = createRandom(SEED);
  for (let at = targets.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [targets[at], targets[other]] = [targets[other] ?? '', targets[at] ?? ''];
  }
  return targets;
}

/** Numbers from 0 to below 1, by a linear congruence modulo 2^32. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
