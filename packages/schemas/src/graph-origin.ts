import { z } from 'zod';

const count = z.int().min(0);
const date = z.string().nullable();

const domainTier = z.object({
  domains: count,
  edges: count.describe('Links from one domain to another, each pair of domains once.'),
  ranked_domains: count,
  releases: z
    .array(z.string())
    .describe('The web graphs, by the names that Common Crawl gives them, which tell their months.'),
});

/** What is known of the links between domains whose pages nobody has read. */
export type DomainTier = z.output<typeof domainTier>;

/** What the file of a graph says about the source of its rows. */
export const graphOrigin = z.object({
  kind: z.enum(['generated', 'imported', 'both']).describe('`both`: some of its sources are generated.'),
  sources: z
    .array(
      z.object({
        form: z.string(),
        files: count,
        pages: count,
        links: count,
        edges: count,
        first_date: date,
        last_date: date,
      }),
    )
    .describe('What was imported, by the form of its files.'),
  fetched_pages: count
    .nullable()
    .describe(
      'How many pages were fetched. Of all other pages only links to or from them are known. Null if pages were generated.',
    ),
  domain_tier: domainTier
    .nullable()
    .describe('What is known of the links between domains alone. Null if no web graph was imported.'),
});

export type GraphOrigin = z.output<typeof graphOrigin>;

/** The origin as a server of the graph reports it, with the graph's size. */
export const servedOrigin = graphOrigin
  .extend({ domains: count, links: count })
  .meta({ id: 'Origin', description: 'Where the rows of an upstream of this project come from.' });

export type ServedOrigin = z.output<typeof servedOrigin>;

/** What was imported, in a sentence: `1,204 links of 97 domains, from 3 files (warc, ahrefs) of 2026-03-01 to 2026-03-08; 12 fetched pages`. */
export function importedInWords({ sources, links, domains, fetched_pages, domain_tier }: ServedOrigin): string {
  const imported = sources.filter(({ form }) => form !== 'generated');
  const files = imported.reduce((sum, source) => sum + source.files, 0);
  const forms = imported.map(({ form }) => form).join(', ');
  const dates = imported
    .flatMap(({ first_date, last_date }) => [first_date, last_date])
    .filter((at) => at !== null)
    .toSorted();
  const [first, last] = [dates[0], dates.at(-1)].map((at) => at?.slice(0, 10));
  const days = first === undefined ? '' : first === last ? ` of ${first}` : ` of ${first} to ${last}`;
  const fetched = fetched_pages === null ? '' : `; ${counted(fetched_pages, 'fetched page')}`;
  const edges = domain_tier === null ? '' : `; ${counted(domain_tier.edges, 'edge')} of domains`;
  return `${counted(links, 'link')} of ${counted(domains, 'domain')}, from ${counted(files, 'file')} (${forms})${days}${fetched}${edges}`;
}

function counted(value: number, one: string): string {
  return `${value.toLocaleString('en')} ${one}${value === 1 ? '' : 's'}`;
}
