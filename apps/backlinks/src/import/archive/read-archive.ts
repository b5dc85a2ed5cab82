import { type Address, resolve } from '../page/address.js';
import { readHtml } from '../page/html.js';
import type { Html } from '../page/html-reading.js';
import { contentType, isHtml, isXhtml, mediaOf, REFUSED_ENCODING, textOf } from '../page/text.js';
import { writePage } from '../page/write-page.js';
import type { Read, Reading } from '../source.js';
import { plainBody } from './body.js';
import { type Fields, fieldsOf } from './fields.js';
import type { FileBytes } from './file-bytes.js';
import { holdsPart } from './holds-part.js';
import { type HttpMessage, parseHttp } from './http-message.js';
import { createDates } from './record-dates.js';
import { type ArchiveRecord, readRecords } from './records.js';
import { readWat } from './wat.js';

const NO_FIELDS = fieldsOf(new Map());

/** Reads a WARC or WAT file: writes a row for each page that was fetched, and for each of its links. */
export async function readArchive(file: FileBytes, reading: Reading): Promise<Read> {
  const dates = createDates(reading.written);
  const complain = ({ reason, at, message }: { reason: string; at: number; message: string }) =>
    reading.leftOut.add(reason, at, message);
  const reader = { dates, reading };
  let records = 0;
  let hasWat = false;
  for await (const record of readRecords(file, complain)) {
    records++;
    const type = record.fields.get('warc-type')?.toLowerCase();
    if (type === 'continuation') tellContinuation(record, reading);
    const isMetadata = type === 'metadata';
    const isWat = isMetadata && readWatRecord(record, reader);
    hasWat ||= isWat;
    const html = isMetadata ? 0 : await readPageRecord(record, reader);
    reading.onRecord(record.at, html);
  }
  return { ok: true, form: hasWat ? 'wat' : 'warc', records };
}

interface Reader {
  readonly dates: ReturnType<typeof createDates>;
  readonly reading: Reading;
}

/** Whether the record is one of WAT. */
function readWatRecord({ at, block }: ArchiveRecord, { dates, reading }: Reader): boolean {
  const answer = readWat(block);
  if (answer === undefined) return false;
  if (answer === 'broken') reading.leftOut.add('broken_record', at, 'its JSON cannot be read');
  if (answer === null || answer === 'broken') return true;
  const { record, status, fields, html } = answer;
  const page = addressOf({ at, fields: record }, reading);
  if (page === null) return true;
  const { date, isStated } = dates.of(record, fields);
  if (!isStated) tellDate(record, { at, date, reading });
  const { media } = contentType(fields.get('content-type'));
  const shown = isShown(status) ? html : null;
  const isCut = holdsPart(record, status);
  writePage({ at, page, date, status, fields, media, encoding: null, size: null, html: shown, isCut }, reading);
  return true;
}

/** Answers how many bytes of HTML the record has. */
async function readPageRecord(record: ArchiveRecord, { dates, reading }: Reader): Promise<number> {
  const { at, fields } = record;
  const message = messageOf(record);
  const { date, isStated } = dates.of(fields, message?.fields ?? null);
  if (message === null) return 0;
  const page = addressOf(record, reading);
  if (page === null) return 0;
  if (!isStated) tellDate(fields, { at, date, reading });
  const content = await readContent(message, { at, reading });
  const isCut = record.isCut || holdsPart(fields, message.status) || content.isDamaged;
  writePage({ at, page, date, status: message.status, fields: message.fields, ...content, isCut }, reading);
  return content.html === null ? 0 : (content.size ?? 0);
}

function tellContinuation({ at, fields }: ArchiveRecord, { leftOut }: Reading): void {
  leftOut.add(
    'continuation',
    at,
    `goes on with ${fields.get('warc-segment-origin-id') ?? 'a record that it does not name'}`,
  );
}

function tellDate(
  fields: Fields,
  { at, date, reading }: { readonly at: number; readonly date: Date; readonly reading: Reading },
): void {
  const stated = fields.get('warc-date') ?? 'no date';
  reading.leftOut.add('broken_date', at, `${stated}; taken: ${date.toISOString()}`);
}

/** Links are read from HTML that a server showed as the page: not from what came with a redirect or an error. */
function isShown(status: number | null): boolean {
  return status === null || (status >= 200 && status < 300);
}

/** The answer that a record holds; null where it holds none. */
function messageOf({ fields, block }: ArchiveRecord): HttpMessage | null {
  switch (fields.get('warc-type')?.toLowerCase()) {
    case 'response':
      return parseHttp(block);
    case 'revisit':
      return block.length === 0 ? { status: null, fields: NO_FIELDS, body: block } : parseHttp(block);
    case 'resource':
      // A resource has no headers: the fields of its record say what it is.
      return { status: null, fields: fieldsOf(new Map([['content-type', fields.all('content-type')]])), body: block };
    default:
      return null;
  }
}

/** The page of a record; null where it is none of the web, such as `dns:` and `metadata:`. */
function addressOf({ at, fields }: Pick<ArchiveRecord, 'at' | 'fields'>, reading: Reading): Address | null {
  const text = (fields.get('warc-target-uri') ?? '').trim().replace(/^<(.*)>$/, '$1');
  const address = resolve(text, undefined);
  if ('url' in address) return address;
  if (address.reason !== 'no_web_address') reading.leftOut.add(`record_${address.reason}`, at, text);
  return null;
}

interface Content {
  readonly media: string | null;
  readonly encoding: string | null;
  readonly size: number | null;
  readonly html: Html | null;
  readonly isDamaged: boolean;
}

/** What is not read. */
const UNREAD = { encoding: null, html: null, isDamaged: false };

async function readContent(
  message: HttpMessage,
  { at, reading }: { readonly at: number; readonly reading: Reading },
): Promise<Content> {
  const stated = contentType(message.fields.get('content-type'));
  const { media } = stated;
  const { body } = message;
  if (body.length === 0 || !isShown(message.status)) return { ...UNREAD, media, size: null };
  const mayBeHtml = isHtml(media) || media === null || !media.includes('/');
  if (!mayBeHtml) return { ...UNREAD, media, size: body.length };
  const { bytes, fault } = await plainBody(body, message.fields);
  const isDamaged = fault !== null;
  if (isDamaged) reading.leftOut.add('broken_body', at, fault);
  const found = mediaOf(stated, bytes);
  if (!isHtml(found)) return { ...UNREAD, media: found, size: bytes.length, isDamaged };
  const { text, encoding } = textOf(bytes, stated.charset);
  const isRefused = encoding === REFUSED_ENCODING;
  if (isRefused) reading.leftOut.add('broken_body', at, 'its charset is one that browsers refuse to read');
  const html = readHtml(text, { isXhtml: isXhtml(found) });
  return { media: found, encoding, size: bytes.length, html, isDamaged: isDamaged || isRefused };
}
