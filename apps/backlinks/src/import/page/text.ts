import { decodeBuffer, getEncoding } from 'encoding-sniffer';

/** What kind of content a page has, and its charset, as the field `Content-Type` states them. */
export interface ContentType {
  readonly media: string | null;
  readonly charset: string | null;
}

export function contentType(field: string | undefined): ContentType {
  const [media = '', ...parameters] = (field ?? '').split(';');
  const charset = /^\s*charset\s*=\s*["']?([^"'\s;]+)/i;
  const stated = parameters.map((parameter) => charset.exec(parameter)?.[1]).find((name) => name !== undefined);
  return { media: media.trim().toLowerCase() || null, charset: stated ?? null };
}

const HTML = new Set(['text/html', 'application/xhtml+xml', 'application/vnd.wap.xhtml+xml']);
const XHTML = /xhtml/;
const BEGINS_HTML = /^<(?:!doctype\s+html|html|head|body|title)\b/i;
const SNIFFED = 2048;

/** The kind of content; where the answer states none, HTML is recognised by how it begins. */
export function mediaOf({ media }: ContentType, bytes: Buffer): string | null {
  const isNoType = media === null || !media.includes('/') || media === 'application/x-unknown-content-type';
  if (!isNoType) return media;
  return BEGINS_HTML.test(behindComments(bytes.toString('utf8', 0, SNIFFED))) ? 'text/html' : media;
}

/** What may stand before a page, and where it ends. The end of a comment may begin within its start: `<!-->`. */
const BEFORE = [
  { start: '<!--', end: '-->', from: 2 },
  { start: '<?xml', end: '?>', from: 5 },
];

/** In steps: one expression for all of it would try every way to divide it. */
function behindComments(text: string): string {
  // This trims a byte order mark, too.
  const rest = text.trimStart();
  const before = BEFORE.find(({ start }) => rest.startsWith(start));
  const end = before === undefined ? -1 : rest.indexOf(before.end, before.from);
  return before === undefined || end === -1 ? rest : behindComments(rest.slice(end + before.end.length));
}

export function isHtml(media: string | null): boolean {
  return media !== null && HTML.has(media);
}

export function isXhtml(media: string | null): boolean {
  return media !== null && XHTML.test(media);
}

/** HTML's name for charsets that hide what they say, such as ISO-2022-KR: browsers refuse to read them. */
export const REFUSED_ENCODING = 'replacement';

/** Bytes as text, by HTML's rules: a byte order mark, then the header, then what the first bytes of the page say. */
export function textOf(bytes: Buffer, charset: string | null): { readonly text: string; readonly encoding: string } {
  const options = charset === null ? {} : { transportLayerEncodingLabel: charset };
  const encoding = getEncoding(bytes, options).toLowerCase();
  return { text: encoding === REFUSED_ENCODING ? '\uFFFD' : decodeBuffer(bytes, options), encoding };
}
