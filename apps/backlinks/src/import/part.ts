import { BIGINT, BOOLEAN, DOUBLE, type DuckDBType, INTEGER, LIST, TIMESTAMP, VARCHAR } from '@duckdb/node-api';
import { z } from 'zod';

/**
 * A part is what one source file says, in Parquet: `<kind>/<name>.parquet` for each kind of row, and `<name>.json`, its head.
 * The head is written last, so a part without a head is not there. Graphs are built from parts alone.
 */
export const PART_VERSION = 2;

type Columns = Readonly<Record<string, DuckDBType>>;

/** The columns of each kind of rows, in their order. What a source does not know is null. */
export const PART_COLUMNS = {
  /** A link as it stands on a page. A page that has the same link twice has two rows. */
  links: {
    url_from: VARCHAR,
    url_to: VARCHAR,
    domain_from: VARCHAR,
    domain_to: VARCHAR,
    host_from: VARCHAR,
    host_to: VARCHAR,
    type: VARCHAR,
    rel: LIST(VARCHAR),
    nofollow: BOOLEAN,
    anchor: VARCHAR,
    alt: VARCHAR,
    place: VARCHAR,
    seen_at: TIMESTAMP,
    first_seen: TIMESTAMP,
    lost_at: TIMESTAMP,
  },
  /**
   * A fetch of a page, or what an export says of one, which is no fetch. A page that was fetched twice has two rows. `status` is
   * null where the source does not tell it, or the server only said that the page is as it was. `links_external` is null where
   * the links of the page were not all read, as in a revisit: such a fetch does not say that a link is gone.
   */
  pages: {
    is_fetch: BOOLEAN,
    url: VARCHAR,
    domain: VARCHAR,
    host: VARCHAR,
    fetched_at: TIMESTAMP,
    status: INTEGER,
    redirect_to: VARCHAR,
    title: VARCHAR,
    encoding: VARCHAR,
    language: VARCHAR,
    size: BIGINT,
    media_type: VARCHAR,
    server: VARCHAR,
    links_external: INTEGER,
    links_internal: INTEGER,
    images: INTEGER,
    words: INTEGER,
    noindex: BOOLEAN,
    nofollow: BOOLEAN,
    canonical: VARCHAR,
  },
  /** A domain that links to another: all that a web graph of domains knows of links. */
  edges: { domain_from: VARCHAR, domain_to: VARCHAR },
  /** The ranks of a web graph of domains; position 1 is the highest. */
  ranks: {
    domain: VARCHAR,
    harmonic_position: BIGINT,
    harmonic: DOUBLE,
    pagerank_position: BIGINT,
    pagerank: DOUBLE,
    hosts: BIGINT,
  },
} as const satisfies Record<string, Columns>;

export type PartKind = keyof typeof PART_COLUMNS;
export const PART_KINDS: readonly PartKind[] = ['links', 'pages', 'edges', 'ranks'];

/** By what rows of a kind are sorted in their file. */
export const PART_ORDER: Readonly<Record<PartKind, string>> = {
  links: 'domain_to, url_to, url_from',
  pages: 'domain, url, fetched_at',
  edges: 'domain_to, domain_from',
  ranks: 'domain',
};

/** The JavaScript value of a column. */
type ValueOf<T extends DuckDBType> = T extends typeof BOOLEAN
  ? boolean
  : T extends typeof TIMESTAMP
    ? Date
    : T extends typeof VARCHAR
      ? string
      : T extends typeof INTEGER | typeof BIGINT | typeof DOUBLE
        ? number
        : readonly string[];

type Row<K extends PartKind> = {
  readonly [C in keyof (typeof PART_COLUMNS)[K]]: (typeof PART_COLUMNS)[K][C] extends DuckDBType
    ? ValueOf<(typeof PART_COLUMNS)[K][C]> | null
    : never;
};

/** What each link and each fetch says in any case. */
type Named<R, N extends keyof R> = Omit<R, N> & { readonly [C in N]: NonNullable<R[C]> };

export type LinkSeen = Named<
  Row<'links'>,
  'url_from' | 'url_to' | 'domain_from' | 'domain_to' | 'host_from' | 'host_to' | 'type' | 'rel' | 'seen_at'
>;
export type PageFetched = Named<Row<'pages'>, 'is_fetch' | 'url' | 'domain' | 'host' | 'fetched_at'>;

const SOURCE_FORMS = [
  'warc',
  'wat',
  'wacz',
  'webgraph',
  'ahrefs',
  'semrush',
  'majestic',
  'search_console',
  'screaming_frog',
  'csv',
  'generated',
] as const;

const count = z.int().min(0);
const date = z.iso.datetime().nullable();

/** What a part says of its source. */
export const partHead = z.object({
  version: z.literal(PART_VERSION),
  /** The file as it was named, its form, and the checksum of its bytes. */
  source: z.object({ file: z.string(), form: z.enum(SOURCE_FORMS), sha256: z.string(), bytes: count }),
  /** What was asked for: links within domains; the checksum of the list of domains that the import is limited to. */
  options: z.object({ internal: z.boolean(), only: z.string().nullable() }),
  /** Raised with each change of what is read from a source. */
  extractor: z.int(),
  counts: z.object({ records: count, pages: count, links: count, edges: count }),
  /** When the first and the last page was fetched, or the first and the last link seen. */
  first_date: date,
  last_date: date,
  /** What was left out and why, with the first few examples: where it stands in the file, and what is wrong with it. */
  left_out: z.array(
    z.object({
      reason: z.string(),
      count,
      examples: z.array(z.object({ at: count, message: z.string() })),
    }),
  ),
});

export type PartHead = z.output<typeof partHead>;
