import { z } from 'zod';
import type { Html } from '../page/html-reading.js';
import type { RawLink } from '../page/raw-link.js';
import { refreshUrl } from '../page/refresh.js';
import { linkType, relWords } from '../page/rel.js';
import { bothRobots, NO_ROBOTS, robotsIn } from '../page/robots.js';
import { type Fields, fieldsOf } from './fields.js';

/** What a record of a WAT file says of the answer that it describes. */
export interface WatAnswer {
  /** The fields of the record that is described. */
  readonly record: Fields;
  readonly status: number | null;
  readonly fields: Fields;
  /** Null where the answer is no HTML. */
  readonly html: Html | null;
}

/** What is of another kind than it should be is left out, each by itself. */
const text = z.string().optional().catch(undefined);
const values = z
  .record(z.string(), z.union([z.string(), z.array(z.string())]).catch(''))
  .optional()
  .catch(undefined);
const link = z.object({ path: text, url: text, text, alt: text, rel: text });
const links = z.array(link.catch({})).optional().catch(undefined);
const meta = z.object({ name: text, content: text, 'http-equiv': text });
const head = z
  .object({ Title: text, Base: text, Link: links, Metas: z.array(meta.catch({})).optional().catch(undefined) })
  .optional()
  .catch(undefined);
const html = z.object({ Head: head, Links: links }).optional().catch(undefined);
const answer = z.object({
  'Response-Message': z
    .object({ Status: z.coerce.number().optional().catch(undefined) })
    .optional()
    .catch(undefined),
  Headers: values,
  'HTML-Metadata': html,
});
const described = z.object({
  Envelope: z.object({
    'WARC-Header-Metadata': values,
    'Payload-Metadata': z.object({ 'HTTP-Response-Metadata': answer }),
  }),
});

/** The answer that a record of WAT describes; null where it describes none, and undefined where it is no record of WAT. */
export function readWat(block: Buffer): WatAnswer | 'broken' | null | undefined {
  const start = block.toString('latin1', 0, 100);
  if (!/^\s*\{\s*"(?:Container|Envelope)"/.test(start)) return undefined;
  const json = parsed(block.toString('utf8'));
  if (json === undefined) return 'broken';
  const { data } = described.safeParse(json);
  if (data === undefined) return null;
  const { 'WARC-Header-Metadata': record, 'Payload-Metadata': payload } = data.Envelope;
  const response = payload['HTTP-Response-Metadata'];
  return {
    record: fieldsIn(record),
    status: response['Response-Message']?.Status ?? null,
    fields: fieldsIn(response.Headers),
    html: response['HTML-Metadata'] === undefined ? null : htmlIn(response['HTML-Metadata']),
  };
}

function fieldsIn(fields: z.output<typeof values> = {}): Fields {
  return fieldsOf(new Map(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), [value].flat()])));
}

function htmlIn({ Head, Links = [] }: NonNullable<z.output<typeof html>>): Html {
  const metas = Head?.Metas ?? [];
  const robots = metas
    .filter(({ name }) => name?.trim().toLowerCase() === 'robots')
    .reduce((all, { content = '' }) => bothRobots(all, robotsIn(content)), NO_ROBOTS);
  const refreshes = metas
    .filter((stated) => stated['http-equiv']?.trim().toLowerCase() === 'refresh')
    .flatMap(({ content = '' }) => refreshUrl(content) ?? []);
  return {
    title: Head?.Title?.replace(/\s+/g, ' ').trim() || null,
    language: null,
    base: Head?.Base ?? null,
    robots,
    images: Links.filter(({ path }) => path === 'IMG@/src').length,
    links: [
      ...refreshes.map((href): RawLink => ({ ...BARE, type: 'meta', href, rel: [] })),
      ...(Head?.Link ?? []).flatMap(linkIn),
      ...Links.flatMap(linkIn),
    ],
    linksLeftOut: 0,
  };
}

const BARE = { anchor: null, alt: null, place: null };

/** `path` names the element and the attribute that the address stands in. */
function linkIn({ path, url, text: words, alt, rel }: z.output<typeof link>): RawLink[] {
  if (url === undefined) return [];
  const ofRel = relWords(rel);
  if (path === 'LINK@/href') {
    const type = linkType(ofRel);
    return type === null ? [] : [{ ...BARE, type, href: url, rel: ofRel }];
  }
  if (path !== 'A@/href' && path !== 'AREA@/href') return [];
  const anchor = words?.replace(/\s+/g, ' ').trim() || null;
  const isImage = anchor === null && alt !== undefined && path === 'A@/href';
  return [{ type: isImage ? 'image' : 'anchor', href: url, rel: ofRel, anchor, alt: alt ?? null, place: null }];
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
