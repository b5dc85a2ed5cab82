import type { LinkType } from '../page/raw-link.js';

/** What tools call the kinds of links. Null: no link by our rules, such as a frame or what a page embeds. */
const TYPES: Readonly<Record<string, LinkType | null>> = {
  text: 'anchor',
  textlink: 'anchor',
  hyperlink: 'anchor',
  anchor: 'anchor',
  content: 'anchor',
  image: 'image',
  imagelink: 'image',
  redirect: 'redirect',
  httpredirect: 'redirect',
  'meta refresh': 'meta',
  metarefresh: 'meta',
  meta: 'meta',
  canonical: 'canonical',
  alternate: 'alternate',
  hreflang: 'alternate',
  link: 'link',
  frame: null,
  iframe: null,
  form: null,
  mention: null,
  css: null,
  javascript: null,
  media: null,
  video: null,
  audio: null,
};

/** Null where a table's type is no link; undefined where the word is not known. */
export function typeOf(word: string): LinkType | null | undefined {
  return TYPES[word.trim().toLowerCase()];
}
