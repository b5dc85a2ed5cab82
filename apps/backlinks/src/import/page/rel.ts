/** Of HTML's link types, those that bring a resource into the page. All others are links to another page. */
const RESOURCES = new Set([
  'apple-touch-icon',
  'apple-touch-icon-precomposed',
  'dns-prefetch',
  'expect',
  'fluid-icon',
  'icon',
  'manifest',
  'mask-icon',
  'modulepreload',
  'pingback',
  'preconnect',
  'prefetch',
  'preload',
  'prerender',
  'stylesheet',
]);

/** The words of a `rel`, in lower case, each once. */
export function relWords(rel: string | undefined): readonly string[] {
  if (rel === undefined) return [];
  return [...new Set(rel.toLowerCase().split(/\s+/))].filter((word) => word !== '');
}

/** What kind of link a `<link>` or a `Link` header is; null where it is none. */
export function linkType(rel: readonly string[]): 'canonical' | 'alternate' | 'link' | null {
  if (rel.length === 0 || rel.some((word) => RESOURCES.has(word))) return null;
  if (rel.includes('canonical')) return 'canonical';
  return rel.includes('alternate') ? 'alternate' : 'link';
}
