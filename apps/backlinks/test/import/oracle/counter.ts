import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { registrableDomain } from '@linkhaul/schemas';

/**
 * A slow and obvious counter of the links of an archive: it holds everything in memory, and looks for links by regular
 * expressions. It shares nothing with the importer but the list of public suffixes, and knows sound archives alone.
 */
export function countLinks(archive: Buffer): Counts {
  const counts = new Map<string, Count>();
  for (const { uri, body, headers } of answersIn(archive)) {
    for (const link of linksIn(body.toString('utf8'), { uri, headers })) count(counts, link);
  }
  return toCounts(counts);
}

/** By registrable domain that is linked to from other domains. */
export type Counts = Readonly<Record<string, Readonly<Record<'backlinks' | 'pages' | 'domains' | 'nofollow', number>>>>;

export interface CountedLink {
  readonly from: string;
  readonly to: string;
  readonly nofollow: boolean;
}

export function countAll(links: readonly CountedLink[]): Counts {
  const counts = new Map<string, Count>();
  for (const link of links) count(counts, link);
  return toCounts(counts);
}

interface Count {
  backlinks: number;
  nofollow: number;
  readonly pages: Set<string>;
  readonly domains: Set<string>;
}

function count(counts: Map<string, Count>, { from, to, nofollow }: CountedLink): void {
  const [source, target] = [registrableDomain(from), registrableDomain(to)];
  if (source === target) return;
  const entry = counts.get(target) ?? { backlinks: 0, nofollow: 0, pages: new Set(), domains: new Set() };
  entry.backlinks++;
  if (nofollow) entry.nofollow++;
  entry.pages.add(from);
  entry.domains.add(source);
  counts.set(target, entry);
}

function toCounts(counts: ReadonlyMap<string, Count>): Counts {
  return Object.fromEntries(
    [...counts].map(([domain, { backlinks, nofollow, pages, domains }]) => [
      domain,
      { backlinks, nofollow, pages: pages.size, domains: domains.size },
    ]),
  );
}

interface Answer {
  readonly uri: string;
  readonly headers: string;
  readonly body: Buffer;
}

/** The HTML answers of an archive, by the lengths that its records state. */
function answersIn(archive: Buffer): Answer[] {
  const bytes = archive[0] === 0x1f ? gunzipSync(archive) : archive;
  const answers: Answer[] = [];
  for (let at = bytes.indexOf('WARC/'); at !== -1; at = bytes.indexOf('WARC/', at)) {
    const end = bytes.indexOf('\r\n\r\n', at);
    const fields = bytes.toString('utf8', at, end);
    const start = end + 4;
    at = start + Number(/^Content-Length: *(\d+)/im.exec(fields)?.[1]);
    const uri = /^WARC-Target-URI: *<?([^\s>]+)/im.exec(fields)?.[1] ?? '';
    if (/^WARC-Type: *response/im.test(fields)) answers.push(...answerIn(uri, bytes.subarray(start, at)));
  }
  return answers;
}

function answerIn(uri: string, block: Buffer): Answer[] {
  const end = block.indexOf('\r\n\r\n');
  const headers = block.toString('latin1', 0, end);
  if (!/^HTTP\/\S+ 2/.test(headers) || !/^content-type: *text\/html/im.test(headers)) return [];
  let body = block.subarray(end + 4);
  if (/^transfer-encoding: *chunked/im.test(headers)) body = joined(body);
  if (/^content-encoding: *gzip/im.test(headers)) body = gunzipSync(body);
  if (/^content-encoding: *br/im.test(headers)) body = brotliDecompressSync(body);
  return [{ uri, headers, body }];
}

function joined(body: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = body.indexOf('\r\n', at);
    const length = Number.parseInt(body.toString('latin1', at, end), 16);
    if (length === 0) return Buffer.concat(pieces);
    pieces.push(body.subarray(end + 2, end + 2 + length));
    at = end + 2 + length + 2;
  }
}

const TAG = /<(a|area|link|meta|base)((?:\s+[^\s=>/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+))?)*)\s*\/?>/gi;
const ATTRIBUTE = /([^\s=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/g;
const RESOURCE = /\b(?:stylesheet|icon|preload|preconnect|dns-prefetch|prefetch|manifest|pingback)\b/;

function linksIn(html: string, { uri, headers }: { uri: string; headers: string }): CountedLink[] {
  const shown = html.replace(/<!--[\s\S]*?-->|<(script|style|textarea|title)\b[\s\S]*?<\/\1>/gi, '');
  const tags = [...shown.matchAll(TAG)].map(([, name = '', text = '']) => ({
    name: name.toLowerCase(),
    ...attributes(text),
  }));
  const base = tags.find(({ name, href }) => name === 'base' && href !== undefined)?.href ?? '';
  const robots = tags.filter((tag) => tag.name === 'meta' && tag.of === 'robots').map(({ content }) => content);
  const nofollow = /nofollow|none/.test(`${robots}`) || /^x-robots-tag: .*nofollow/im.test(headers);
  return tags.flatMap((tag) => {
    const { name, href, rel = '' } = tag;
    if (name === 'base' || name === 'meta' || href === undefined) return [];
    if (name === 'link' && (rel === '' || RESOURCE.test(rel))) return [];
    const to = new URL(href, new URL(base, uri));
    if (!to.protocol.startsWith('http')) return [];
    return [{ from: new URL(uri).href, to: to.href, nofollow: nofollow || /\bnofollow\b/i.test(rel) }];
  });
}

function attributes(text: string) {
  const found: Record<string, string> = {};
  for (const [, name = '', a, b, c] of text.matchAll(ATTRIBUTE))
    found[name.toLowerCase()] ??= decoded(a ?? b ?? c ?? '');
  return { href: found.href, rel: found.rel, content: found.content, of: found.name };
}

function decoded(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&amp;', '&');
}
