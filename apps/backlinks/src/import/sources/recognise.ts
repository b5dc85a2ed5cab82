import type { FileBytes } from '../archive/file-bytes.js';
import { lengthOfHead } from '../archive/gzip-head.js';
import { inflateInPieces } from '../archive/inflate.js';
import { findStart } from '../archive/record-start.js';
import { type WebgraphFile, webgraphFile } from '../webgraph/recognise.js';
import { charsetOf } from './charset.js';

/** What a file is, by its first bytes. */
export type Recognised =
  | { readonly kind: 'archive' }
  | { readonly kind: 'zip' }
  | { readonly kind: 'webgraph'; readonly file: WebgraphFile }
  | { readonly kind: 'table'; readonly encoding: string; readonly separator: string; readonly isGzip: boolean }
  | { readonly kind: 'none'; readonly why: string };

const HEAD = 64 * 1024;

/** Forms that people have, too, and what can be done about them. */
const FOREIGN: readonly { readonly mark: Buffer; readonly why: string }[] = [
  { mark: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), why: 'is packed by Zstandard: unpack it first, by `zstd -d`' },
  // The dictionary of a WARC file comes first, in a frame that other readers skip.
  {
    mark: Buffer.from([0x5d, 0x2a, 0x4d, 0x18]),
    why: 'is packed by Zstandard with a dictionary of its own: unpack it first',
  },
  { mark: Buffer.from('BZh'), why: 'is packed by bzip2: unpack it first, by `bunzip2`' },
  { mark: Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a]), why: 'is packed by xz: unpack it first, by `unxz`' },
  { mark: Buffer.from('7z\xbc\xaf', 'latin1'), why: 'is packed by 7-Zip: unpack it first' },
  { mark: Buffer.from('Rar!'), why: 'is packed by RAR: unpack it first' },
  { mark: Buffer.from('PAR1'), why: 'is a Parquet file, which is no form of an import' },
  { mark: Buffer.from('%PDF'), why: 'is a PDF document' },
  { mark: Buffer.from('Salted__'), why: 'is encrypted: decrypt it first' },
  { mark: Buffer.from('-----BEGIN PGP'), why: 'is encrypted: decrypt it first' },
];

const ZIP = Buffer.from('PK\x03\x04', 'latin1');
const NO_FORM = 'has none of the forms that an import reads: WARC, WAT, WACZ, or a table of links with named columns';

/** Each crawl and web graph of Common Crawl has lists of its files, such as `warc.paths.gz`. */
const LISTED = /^(?:crawl-data|projects)\/\S+\.gz\r?\n/;
const OF_LISTED = 'lists files of Common Crawl and holds none: download what it lists, and name that';

export async function recognise(file: FileBytes, name: string): Promise<Recognised> {
  const bytes = await file.at(0);
  if (bytes.length === 0) return { kind: 'none', why: 'is empty' };
  const foreign = FOREIGN.find(({ mark }) => bytes.subarray(0, mark.length).equals(mark));
  if (foreign !== undefined) return { kind: 'none', why: foreign.why };
  if (bytes.subarray(0, ZIP.length).equals(ZIP)) return { kind: 'zip' };
  const isGzip = lengthOfHead(bytes) !== null;
  const head = (isGzip ? await firstInflated(file) : bytes).subarray(0, HEAD);
  if (findStart(head) !== -1 || /\.(?:warc|wat)(?:\.gz)?$/i.test(name)) return { kind: 'archive' };
  if (head.length === 0) return { kind: 'none', why: 'is damaged from its start on' };
  const encoding = charsetOf(head);
  if (encoding === null) return { kind: 'none', why: NO_FORM };
  const text = new TextDecoder(encoding === 'windows-1252' ? 'latin1' : encoding).decode(head);
  const ofWebgraph = webgraphFile(text);
  if (ofWebgraph !== null) return { kind: 'webgraph', file: ofWebgraph };
  if (LISTED.test(text)) return { kind: 'none', why: OF_LISTED };
  if (/^\s*[<{[]/.test(text)) return { kind: 'none', why: NO_FORM };
  return { kind: 'table', encoding, separator: separatorOf(text), isGzip };
}

async function firstInflated(file: FileBytes): Promise<Buffer> {
  const pieces = inflateInPieces(file, lengthOfHead(await file.at(0)) ?? 0);
  const { value, done } = await pieces.next();
  await pieces.return({ ok: false, message: '' });
  return done === true ? Buffer.alloc(0) : value;
}

const SEPARATORS = ['\t', ',', ';', '|'];

/** The separator that the first lines have most of. Where they have none, there is one column. */
function separatorOf(text: string): string {
  const [first = '', second = ''] = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const unquoted = `${first}\n${second}`.replaceAll(/"[^"\n]*"/g, '');
  const counts = SEPARATORS.map((separator) => unquoted.split(separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ',';
}
