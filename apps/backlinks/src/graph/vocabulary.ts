/** What the generated web is made of. A word's weight is how often it stands in its list. */
export type Weights = Readonly<Record<string, number>>;

export const TLDS: Weights = {
  com: 46,
  org: 8,
  net: 6,
  io: 5,
  de: 5,
  'co.uk': 4,
  fr: 3,
  it: 3,
  es: 3,
  nl: 2,
  eu: 2,
  pl: 2,
  'com.au': 2,
  'com.br': 2,
  ca: 2,
  ch: 1,
  se: 1,
  jp: 1,
  co: 1,
  info: 1,
};

/** An empty key is the upstream's word for an unknown country. */
export const COUNTRIES: Weights = {
  US: 34,
  '': 20,
  GB: 8,
  DE: 8,
  FR: 5,
  IT: 4,
  ES: 4,
  NL: 3,
  CA: 3,
  AU: 3,
  BR: 3,
  PL: 2,
};

export const LINK_TYPES: Weights = { anchor: 80, image: 10, redirect: 4, canonical: 2, alternate: 2, link: 1, meta: 1 };

/** An empty key is a link outside every semantic element. */
export const SEMANTIC_LOCATIONS: Weights = {
  '': 34,
  article: 24,
  section: 12,
  main: 8,
  footer: 8,
  header: 4,
  nav: 4,
  aside: 3,
  figure: 2,
  figcaption: 1,
};

export const SUBDOMAINS = ['blog', 'docs', 'shop', 'news', 'support', 'app', 'en', 'forum'];
export const SECTIONS = ['blog', 'products', 'guides', 'news', 'category', 'help', 'stories', 'reviews'];
export const ADJECTIVES = (
  'amber bold brisk calm clear coastal copper crisp daily early eastern fair fresh gentle golden grand green happy ' +
  'honest iron keen light little lucky mellow modern noble north old open plain prime quick quiet rapid royal silver ' +
  'smart solid sunny swift tidy urban vivid warm western wide wild young'
).split(' ');
export const NOUNS = (
  'anchor atlas bakery beacon bridge canyon cedar circle cloud compass corner creek delta desk ember engine falcon ' +
  'field forest forge garden gate harbor haven hill island journal kitchen lab lake lantern ledger market meadow mill ' +
  'orbit orchard path pixel planet press quarry ridge river road signal studio summit tower trail valley village wave'
).split(' ');
export const SERVERS: Weights = { nginx: 45, cloudflare: 25, Apache: 20, LiteSpeed: 6, 'Microsoft-IIS/10.0': 4 };
export const LANGUAGES: Weights = { en: 68, de: 9, fr: 6, es: 6, it: 4, nl: 3, pl: 2, pt: 2 };

/** What a domain runs on. The first one means that nothing was recognised. */
export const PLATFORM_SETS: readonly (readonly string[])[] = [
  ['unknown'],
  ['cms'],
  ['blogs', 'cms'],
  ['cms', 'ecommerce'],
  ['ecommerce'],
  ['message-boards'],
  ['wikis'],
  ['news'],
  ['blogs', 'news'],
  ['organization'],
  ['blogs', 'cms', 'organization'],
];

/** The `rel` values that a link may bear together. The first set is a link without any. */
export const ATTRIBUTE_SETS: readonly { readonly names: readonly string[]; readonly weight: number }[] = [
  { names: [], weight: 56 },
  { names: ['noopener'], weight: 12 },
  { names: ['noopener', 'noreferrer'], weight: 12 },
  { names: ['nofollow'], weight: 9 },
  { names: ['nofollow', 'noopener'], weight: 5 },
  { names: ['nofollow', 'ugc'], weight: 4 },
  { names: ['nofollow', 'sponsored'], weight: 2 },
];

/** A list in which each word stands as often as it weighs, so that an even draw is a weighted one. */
export function spread(weights: Weights): string[] {
  return Object.entries(weights).flatMap(([word, weight]) => Array<string>(weight).fill(word));
}
