import { z } from 'zod';

const count = z.int().min(0);
const date = z.string().nullable();

const domainTier = z.object({
  /** Domains that a web graph names; edges from one domain to another, each once; domains with a rank. */
  domains: count,
  edges: count,
  ranked_domains: count,
  /** The web graphs, by the names that Common Crawl gives them, which tell their months. */
  releases: z.array(z.string()),
});

/** What is known of the links between domains, of which nobody read the pages. */
export type DomainTier = z.output<typeof domainTier>;

/** What a graph says of where its rows come from. */
export const graphOrigin = z.object({
  /** `both`: some of its sources are generated. */
  kind: z.enum(['generated', 'imported', 'both']),
  /** What was imported, by the form of its files. */
  sources: z.array(
    z.object({
      form: z.string(),
      files: count,
      pages: count,
      links: count,
      edges: count,
      first_date: date,
      last_date: date,
    }),
  ),
  /** How many pages were fetched. Of all others only links to or from them are known. Null where pages were generated. */
  fetched_pages: count.nullable(),
  /** Null where no web graph was imported. */
  domain_tier: domainTier.nullable().default(null),
});

export type GraphOrigin = z.output<typeof graphOrigin>;

export const GENERATED: GraphOrigin = { kind: 'generated', sources: [], fetched_pages: null, domain_tier: null };

/** Data counts as simulated if any of it is. */
export function isSimulated({ kind }: GraphOrigin): boolean {
  return kind !== 'imported';
}
