import { createGzip } from 'node:zlib';

export type ListForm = 'text' | 'csv' | 'ndjson';

interface FormOfList {
  readonly contentType: string;
  readonly query: Readonly<Record<string, string>>;
  readonly header: string;
  row(target: string, at: number): string;
}

export const FORMS: Readonly<Record<ListForm, FormOfList>> = {
  text: { contentType: 'text/plain', query: {}, header: '', row: (target) => target },
  csv: {
    contentType: 'text/csv',
    query: { column: 'site', id_column: 'no' },
    header: 'no,site,note\n',
    row: (target, at) => `${at},"${target}",a note`,
  },
  ndjson: {
    contentType: 'application/x-ndjson',
    query: {},
    header: '',
    row: (target, at) => JSON.stringify(at % 2 === 0 ? target : { target, id: String(at) }),
  },
};

/** One row in 20 is a duplicate, one in 1,000 is invalid. */
export const DUPLICATE_EVERY = 20;
export const INVALID_EVERY = 1000;

const SUFFIXES = ['com', 'de', 'co.uk', 'net', 'org', 'github.io', 'fr', 'com.br'];
const ROWS_A_WRITE = 10_000;

/** A compressed list of hosts, some with `www.`, some in upper case, and of pages. It is the same in every run. */
export async function gzippedList(form: ListForm, rows: number): Promise<Buffer> {
  const gzip = createGzip();
  const chunks: Buffer[] = [];
  gzip.on('data', (chunk) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => void gzip.once('end', resolve).once('error', reject));
  const { header, row } = FORMS[form];
  gzip.write(header);
  for (let from = 0; from < rows; from += ROWS_A_WRITE) {
    const numbers = Array.from({ length: Math.min(ROWS_A_WRITE, rows - from) }, (_, at) => from + at);
    const text = numbers.map((at) => `${row(targetOf(at), at)}\n`).join('');
    if (!gzip.write(text)) await new Promise((resolve) => gzip.once('drain', resolve));
  }
  gzip.end();
  await ended;
  return Buffer.concat(chunks);
}

function targetOf(at: number): string {
  if (at % INVALID_EVERY === INVALID_EVERY - 1) return `not a target ${at}`;
  if (at % DUPLICATE_EVERY === DUPLICATE_EVERY - 1) return targetOf(at - 1);
  // Multiplied by an odd number, so that neighbours differ and no two are equal.
  const name = `site-${(Math.imul(at, 2_654_435_761) >>> 0).toString(36)}.${SUFFIXES[at % SUFFIXES.length]}`;
  if (at % 10 === 3) return `https://www.${name}/page/${at}?ref=${at % 7}`;
  if (at % 10 === 5) return `www.${name}`;
  return at % 100 === 7 ? name.toUpperCase() : name;
}
