import { extname } from 'node:path';
import { badInput } from './failure.js';
import { printable } from './render/printable.js';

/** Where an answer goes and in which form. */
interface OutForm<F extends string> {
  readonly format: F;
  /** Packed on the way into the file. */
  readonly gzip: boolean;
}

interface Choice<F extends string, U extends string> {
  /** The file, as it was named; none is standard output. */
  readonly out: string | undefined;
  /** What was asked for by name, whatever the file is called. */
  readonly format: F | undefined;
  readonly formats: readonly F[];
  /** Of standard output, where nothing else is asked for. */
  readonly usual: U;
}

/** The form follows the file's name. A name that tells none needs `--format`, so that no table holds lines of JSON. */
export function outForm<F extends string, U extends string>(choice: Choice<F, U>): OutForm<F | U> {
  const { out, format, formats, usual } = choice;
  if (out === undefined || isUnnamed(out)) return { format: format ?? usual, gzip: false };
  const gzip = /\.gz$/i.test(out);
  const ending = extname(gzip ? out.slice(0, -'.gz'.length) : out);
  const named = formats.find((name) => name === ending.slice(1).toLowerCase());
  const found = format ?? named;
  if (found !== undefined) return { format: found, gzip };
  const said = ending === '' ? 'has no ending that names a form' : `ends in ${ending}, which is none of its forms`;
  throw badInput(`${printable(`${out} ${said}`)}: --format says which, of ${formats.join(', ')}.`);
}

/** Standard output, or a device: its name says nothing of what it is to get. */
function isUnnamed(out: string): boolean {
  return out === '-' || out.startsWith('/dev/');
}

export function refuseSpreadsheet(spreadsheet: boolean, format: string): void {
  if (spreadsheet && format !== 'csv') throw badInput('--spreadsheet goes with CSV: --format csv.');
}
