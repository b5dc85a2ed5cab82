import type { Made } from './make-part.js';
import type { PartHead } from './part.js';

/** What the reasons of a part mean to a person. A reason that says what was done instead left nothing out. */
const REASONS: Readonly<Record<string, string>> = {
  damaged: 'damaged places, behind which reading went on at the next record',
  no_record: 'stretches of bytes that are no record',
  wrong_length: 'records of another length than they state, read up to the next record',
  cut_off: 'records that were cut off, of which what came before was read',
  block_too_long: 'records of more than 16 MiB, of which the beginning was read',
  continuation: 'records that go on with a page, of which the first record was read',
  broken_date: 'records without a readable date, which took that of the answer or of the record before',
  no_date: 'cells that have no date, or one whose day and month cannot be told apart',
  broken_body: 'bodies that are cut off, or could be unpacked in part or not',
  broken_record: 'records that could not be read',
  broken_line: 'lines that could not be read',
  too_many_links: 'pages with more than 100,000 links, of which the first were read',
  no_address: 'links that lead to no address',
  no_web_address: 'addresses that are not of the web',
  no_host: 'links to what is no name of a host',
  address_too_long: 'links to addresses of more than 2,048 characters',
  record_no_address: 'records without an address',
  record_no_host: 'records whose address has no name of a host',
  record_address_too_long: 'records of addresses of more than 2,048 characters',
  zipped_file: 'files within ZIP files that could not be read',
  no_link: 'rows that are no links: frames, forms, mentions, and what a page embeds',
};

export interface MadePart {
  readonly path: string;
  readonly made: Made;
}

/** What an import came to, line by line: the files that could not be read, what was left out and why, and the sums. */
export function summarise(parts: readonly MadePart[]): string[] {
  const heads = parts.flatMap(({ made }) => (made.ok ? [made.head] : []));
  const old = parts.filter(({ made }) => made.ok && !made.isNew).length;
  const sum = (of: (head: PartHead) => number) =>
    heads.reduce((total, head) => total + of(head), 0).toLocaleString('en');
  return [
    ...refusedLines(parts),
    ...leftOutLines(heads),
    `${heads.length} of ${parts.length} files are in: ${sum(({ counts }) => counts.records)} records, ` +
      `${sum(({ counts }) => counts.pages)} fetches of pages, ${sum(({ counts }) => counts.links)} links` +
      `${heads.some(({ counts }) => counts.edges > 0) ? `, ${sum(({ counts }) => counts.edges)} edges between domains` : ''}` +
      `${old > 0 ? `; ${old} had been read before` : ''}.`,
  ];
}

/** A sentence for each reason: a folder may hold hundreds of files that are refused alike. */
function refusedLines(parts: readonly MadePart[]): string[] {
  const paths = new Map<string, string[]>();
  for (const { path, made } of parts) {
    if (!made.ok) paths.set(made.why, [...(paths.get(made.why) ?? []), path]);
  }
  return [...paths].map(([why, refused]) => {
    const [first, ...others] = refused.toSorted();
    const also = others.length === 0 ? '' : ` (and so ${others.length === 1 ? others[0] : `${others.length} others`})`;
    return `${first} ${why}${also}.`;
  });
}

function leftOutLines(heads: readonly PartHead[]): string[] {
  const reasons = new Map<string, { count: number; example: string }>();
  for (const { source, left_out } of heads) {
    for (const { reason, count, examples } of left_out) {
      const [first] = examples;
      const example = first === undefined ? '' : ` (${source.file}, at ${first.at}: ${first.message})`;
      const entry = reasons.get(reason) ?? { count: 0, example };
      reasons.set(reason, { ...entry, count: entry.count + count });
    }
  }
  return [...reasons].map(
    ([reason, { count, example }]) => `${count.toLocaleString('en')} ${REASONS[reason] ?? reason}${example}`,
  );
}
