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
const BEGINS_HTML = /^[\s\uFEFF]*(?:<!--[\s\S]*?-->\s*|<\?xml[^>]*\?>\s*)*<(?:!doctype\s+html|html|head|body|title)\b/i;
const SNIFFED = 2048;

/** The kind of content; where the answer states none, HTML is recognised by how it begins. */
export function mediaOf({ media }: ContentType, bytes: Buffer): string | null {
  const isNoType = media === null || !media.includes('/') || media === 'application/x-unknown-content-type';
  if (!isNoType) return media;
  return BEGINS_HTML.test(bytes.toString('latin1', 0, SNIFFED)) ? 'text/html' : media;
}

export function isHtml(media: string | null): boolean {
  return media !== null && HTML.has(media);
}

export function isXhtml(media: string | null): boolean {
  return media !== null && XHTML.test(media);
}

/** Bytes as text, by HTML's rules: a byte order mark, then the header, then what the first bytes of the page say. */
export function textOf(bytes: Buffer, charset: string | null): { readonly text: string; readonly encoding: string } {
  const options = charset === null ? {} : { transportLayerEncodingLabel: charset };
  return { text: decodeBuffer(bytes, options), encoding: getEncoding(bytes, options).toLowerCase() };
}
