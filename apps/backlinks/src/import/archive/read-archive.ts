import { type Address, resolve } from '../page/address.js';
import { readHtml } from '../page/html.js';
import type { Html } from '../page/html-reading.js';
import { contentType, isHtml, isXhtml, mediaOf, textOf } from '../page/text.js';
import { writePage } from '../page/write-page.js';
import type { Read, Reading } from '../source.js';
import { plainBody } from './body.js';
import { createDates } from './dates.js';
import { fieldsOf } from './fields.js';
import type { FileBytes } from './file-bytes.js';
import { type HttpMessage, parseHttp } from './http-message.js';
import { type ArchiveRecord, readRecords } from './records.js';

const NO_FIELDS = fieldsOf(new Map());

/** Reads a WARC file: writes a row for each page that was fetched, and for each of its links. */
export async function readArchive(file: FileBytes, reading: Reading): Promise<Read> {
  const dates = createDates(reading.written);
  const complain = ({ reason, at, message }: { reason: string; at: number; message: string }) =>
    reading.leftOut.add(reason, at, message);
  let records = 0;
  for await (const record of readRecords(file, complain)) {
    records++;
    const html = await readPageRecord(record, dates, reading);
    reading.onRecord(record.at, html);
  }
  return { ok: true, form: 'warc', records };
}

/** Answers how many bytes of HTML the record has. */
async function readPageRecord(
  record: ArchiveRecord,
  dates: ReturnType<typeof createDates>,
  reading: Reading,
): Promise<number> {
  const { at, fields } = record;
  const message = messageOf(record);
  const { date, isStated } = dates.of(fields, message?.fields ?? null);
  if (message === null) return 0;
  const page = addressOf(record, reading);
  if (page === null) return 0;
  if (!isStated)
    reading.leftOut.add('broken_date', at, `${fields.get('warc-date') ?? 'no date'}; taken: ${date.toISOString()}`);
  const content = await readContent(message, { at, reading });
  writePage({ at, page, date, status: message.status, fields: message.fields, ...content }, reading);
  return content.html === null ? 0 : (content.size ?? 0);
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
function addressOf({ at, fields }: ArchiveRecord, reading: Reading): Address | null {
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
}

/** Links are read from HTML that a server showed as the page: not from what came with a redirect or an error. */
async function readContent(
  message: HttpMessage,
  { at, reading }: { readonly at: number; readonly reading: Reading },
): Promise<Content> {
  const stated = contentType(message.fields.get('content-type'));
  const isShown = message.status === null || (message.status >= 200 && message.status < 300);
  if (message.body.length === 0 || !isShown) return { media: stated.media, encoding: null, size: null, html: null };
  const mayBeHtml = isHtml(mediaOf(stated, Buffer.alloc(0))) || stated.media === null || !stated.media.includes('/');
  if (!mayBeHtml) return { media: stated.media, encoding: null, size: message.body.length, html: null };
  const { bytes, fault } = await plainBody(message.body, message.fields);
  if (fault !== null) reading.leftOut.add('broken_body', at, fault);
  const media = mediaOf(stated, bytes);
  if (!isHtml(media)) return { media, encoding: null, size: bytes.length, html: null };
  const { text, encoding } = textOf(bytes, stated.charset);
  return { media, encoding, size: bytes.length, html: readHtml(text, { isXhtml: isXhtml(media) }) };
}
