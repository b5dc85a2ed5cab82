import { extname } from 'node:path';
import { badInput } from './failure.js';
import { printable } from './render/printable.js';

/** The format of an answer's file. */
interface OutForm<F extends string> {
  readonly format: F;
  /** True: the file is compressed. */
  readonly gzip: boolean;
}

interface Choice<F extends string, U extends string> {
  /** The file's name; undefined for standard output. */
  readonly out: string | undefined;
  /** The value of `--format`, which takes precedence over the file's name. */
  readonly format: F | undefined;
  readonly formats: readonly F[];
  /** The format for standard output without `--format`. */
  readonly usual: U;
}

/** The format by the file's name: `-o rows.csv.gz` is compressed CSV. Throws if neither the name nor `--format` gives one. */
export function outForm<F extends string, U extends string>(choice: Choice<F, U>): OutForm<F | U> {
  const { out, format, formats, usual } = choice;
  if (out === undefined || isUnnamed(out)) return { format: format ?? usual, gzip: false };
  const gzip = /\.gz$/i.test(out);
  const ending = extname(gzip ? out.slice(0, -'.gz'.length) : out);
  const named = formats.find((name) => name === ending.slice(1).toLowerCase());
  const found = format ?? named;
  if (found !== undefined) return { format: found, gzip };
  const fault = ending === '' ? 'has no ending that names a form' : `ends in ${ending}, which is not one of its forms`;
  const sheet = WORKBOOK.test(ending) ? ' A spreadsheet opens CSV that was written with --spreadsheet.' : '';
  throw badInput(`${printable(`${out} ${fault}`)}: name one with --format: ${formats.join(', ')}.${sheet}`);
}

const WORKBOOK = /^\.(?:xlsx?|ods)$/i;

/** Standard output or a device, whose name says nothing about the format. */
function isUnnamed(out: string): boolean {
  return out === '-' || out.startsWith('/dev/');
}

export function refuseSpreadsheet(spreadsheet: boolean, format: string): void {
  if (spreadsheet && format !== 'csv') throw badInput('--spreadsheet goes with CSV: --format csv.');
}
