/** Files that people send as lists though they are none: their names, and what to send instead. */
interface FileKind {
  readonly name: string;
  readonly way: string;
}

const SAVE_AS_CSV = 'save the sheet as CSV (UTF-8) and send that as text/csv';
const UNPACK = 'unpack it and send the list within, plain or as gzip';
const EXPORT = 'export the column with the targets as CSV and send that as text/csv';

const XLSX = { name: 'an Excel workbook (XLSX)', way: SAVE_AS_CSV };
const ODS = { name: 'an OpenDocument spreadsheet (ODS)', way: SAVE_AS_CSV };
const ZIP = { name: 'a ZIP archive', way: UNPACK };
const TAR = { name: 'a tar archive', way: UNPACK };
const PICTURE = { name: 'a picture', way: 'send its targets as text/plain, one on each line' };

/** Kinds by the first bytes of a file, each byte as a character. */
const BEGINNINGS: readonly (FileKind & { readonly bytes: string })[] = [
  { bytes: 'PK\x03\x04', ...ZIP },
  { bytes: 'PK\x05\x06', ...ZIP },
  { bytes: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', name: 'an old Excel workbook (XLS)', way: SAVE_AS_CSV },
  { bytes: '%PDF-', name: 'a PDF', way: 'copy the targets into a text file, one on each line' },
  { bytes: 'PAR1\x15', name: 'a Parquet file', way: EXPORT },
  { bytes: 'ARROW1\0\0', name: 'an Arrow file', way: EXPORT },
  { bytes: 'Obj\x01', name: 'an Avro file', way: EXPORT },
  { bytes: 'SQLite format 3\0', name: 'an SQLite database', way: EXPORT },
  { bytes: '7z\xbc\xaf\x27\x1c', name: 'a 7z archive', way: UNPACK },
  { bytes: 'Rar!\x1a\x07', name: 'a RAR archive', way: UNPACK },
  { bytes: '\xfd7zXZ\0', name: 'an xz file', way: UNPACK },
  { bytes: '\x28\xb5\x2f\xfd', name: 'a Zstandard file', way: UNPACK },
  { bytes: 'BZh91AY&SY', name: 'a bzip2 file', way: UNPACK },
  { bytes: '\x89PNG\r\n', ...PICTURE },
  { bytes: '\xff\xd8\xff', ...PICTURE },
];

/** A tar archive begins with a file's name, filled up with zeros, and has its mark far behind it. */
const TAR_MARK = 'ustar';
const TAR_MARK_AT = 257;
const TAR_NAME = 100;
const FILE_NAME = /^[\w./@+ -]+(?:\0|$)/;

/** The first entry of a ZIP archive tells what the archive is. */
const ZIP_NAME_AT = 30;
const LONGEST_ZIP_HEAD = 120;
const IN_WORKBOOK = /^(?:\[Content_Types\]\.xml|_rels\/|docProps\/|xl\/)/;

/** The kind of a body by its first bytes: null if it is none of these, undefined if more bytes are needed. */
export function fileKind(bytes: Buffer): FileKind | null | undefined {
  const head = bytes.toString('latin1', 0, LONGEST_ZIP_HEAD);
  const kind = BEGINNINGS.find((one) => head.startsWith(one.bytes) || one.bytes.startsWith(head));
  if (kind === undefined) return tarOrMore(bytes);
  if (!head.startsWith(kind.bytes)) return undefined;
  if (!kind.bytes.startsWith('PK\x03')) return kind;
  if (head.length < LONGEST_ZIP_HEAD) return undefined;
  return inZip(head.slice(ZIP_NAME_AT));
}

/** The same if no more bytes will come. */
export function fileKindAtEnd(bytes: Buffer): FileKind | null {
  const head = bytes.toString('latin1', 0, LONGEST_ZIP_HEAD);
  const kind = BEGINNINGS.find((one) => head.startsWith(one.bytes));
  if (kind === undefined) return isTar(bytes) ? TAR : null;
  return kind.bytes.startsWith('PK\x03') ? inZip(head.slice(ZIP_NAME_AT)) : kind;
}

function isTar(bytes: Buffer): boolean {
  return bytes.toString('latin1', TAR_MARK_AT, TAR_MARK_AT + TAR_MARK.length) === TAR_MARK;
}

/** Only a beginning that can be the name of a file waits for more: JSON and whole lines are judged as they come. */
function tarOrMore(bytes: Buffer): FileKind | null | undefined {
  if (isTar(bytes)) return TAR;
  const [name] = FILE_NAME.exec(bytes.toString('latin1', 0, TAR_NAME)) ?? [];
  if (name === undefined) return null;
  const needed = name.endsWith('\0') ? TAR_MARK_AT + TAR_MARK.length : TAR_NAME;
  return bytes.length < needed ? undefined : null;
}

function inZip(entry: string): FileKind {
  if (IN_WORKBOOK.test(entry)) return XLSX;
  return entry.includes('opendocument.spreadsheet') ? ODS : ZIP;
}
