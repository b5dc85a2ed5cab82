import { z } from 'zod';
import type { LeftOut } from './left-out.js';
import type { LinkSeen, PageFetched, PartHead } from './part.js';

/** What is asked of an import: it decides which rows a part has. */
export const importOptions = z.object({
  /** Whether links within a domain are kept. */
  internal: z.boolean(),
  /** The domains that the import is limited to: links to them, and their pages. */
  only: z.array(z.string()).nullable(),
});

export type ImportOptions = z.output<typeof importOptions>;

/** Where rows go while a source is read. */
export interface Rows {
  link(row: LinkSeen): void;
  page(row: PageFetched): void;
}

/** What reading a source needs. */
export interface Reading {
  readonly rows: Rows;
  readonly leftOut: LeftOut;
  readonly options: Pick<ImportOptions, 'internal'>;
  /** Null where all domains are wanted. */
  readonly only: ReadonlySet<string> | null;
  /** When the file was last written: the date of what states none. */
  readonly written: Date;
  /** Called with each record: how far reading is in the file, and how much HTML was read meanwhile. */
  readonly onRecord: (place: number, html: number) => void;
}

/** What reading a source came to: what it is and how many records it has, or why it cannot be read, as the rest of a sentence. */
export type Read =
  | { readonly ok: true; readonly form: PartHead['source']['form']; readonly records: number }
  | { readonly ok: false; readonly why: string };
