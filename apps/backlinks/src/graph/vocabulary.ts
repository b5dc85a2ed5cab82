/** The words of the generated web. A word's weight is how often its list repeats it. */
export type Weights = Readonly<Record<string, number>>;

/** Public suffixes under which anybody can register names. */
export const SUFFIXES: Weights = {
  com: 450,
  org: 75,
  net: 55,
  io: 30,
  de: 50,
  'co.uk': 38,
  fr: 28,
  it: 26,
  es: 22,
  nl: 20,
  eu: 14,
  pl: 20,
  'com.au': 18,
  'com.br': 18,
  ca: 16,
  ch: 10,
  se: 9,
  'co.jp': 6,
  jp: 6,
  co: 8,
  info: 12,
  dev: 6,
  app: 5,
  shop: 5,
  online: 4,
  edu: 4,
  'co.nz': 4,
  'co.za': 5,
  'com.mx': 5,
  'com.tr': 4,
  'co.in': 4,
  'org.uk': 5,
};

/** Private suffixes: all their sites are on machines of the suffix's owner. */
export const SHARED_SUFFIXES: Weights = {
  'blogspot.com': 14,
  'github.io': 9,
  'myshopify.com': 6,
  'herokuapp.com': 4,
  'netlify.app': 4,
  'vercel.app': 3,
  'pages.dev': 2,
};

export const SUFFIX_SERVERS: Readonly<Record<string, string>> = {
  'blogspot.com': 'GSE',
  'github.io': 'GitHub.com',
  'myshopify.com': 'cloudflare',
  'herokuapp.com': 'Heroku',
  'netlify.app': 'Netlify',
  'vercel.app': 'Vercel',
  'pages.dev': 'cloudflare',
};

/** The country of top-level domains whose sites are mostly in that country. */
export const TLD_COUNTRIES: Readonly<Record<string, string>> = {
  de: 'DE',
  uk: 'GB',
  fr: 'FR',
  it: 'IT',
  es: 'ES',
  nl: 'NL',
  pl: 'PL',
  au: 'AU',
  br: 'BR',
  ca: 'CA',
  ch: 'CH',
  se: 'SE',
  jp: 'JP',
  nz: 'NZ',
  za: 'ZA',
  mx: 'MX',
  tr: 'TR',
  in: 'IN',
  edu: 'US',
};

/** The upstream uses an empty key for an unknown country. */
export const COUNTRIES: Weights = {
  US: 38,
  '': 26,
  GB: 6,
  DE: 5,
  FR: 4,
  IN: 4,
  CA: 3,
  ES: 3,
  NL: 3,
  IT: 2,
  AU: 2,
  BR: 2,
  JP: 1,
  UA: 1,
};

export const COUNTRY_LANGUAGES: Readonly<Record<string, string>> = {
  DE: 'de',
  FR: 'fr',
  IT: 'it',
  ES: 'es',
  MX: 'es',
  NL: 'nl',
  PL: 'pl',
  BR: 'pt',
  CH: 'de',
  SE: 'sv',
  JP: 'ja',
  TR: 'tr',
  UA: 'uk',
};

export const LINK_TYPES: Weights = { anchor: 83, image: 9, redirect: 3, canonical: 1, alternate: 2, link: 1, meta: 1 };

/** An empty key is a link outside every semantic element. */
export const SEMANTIC_LOCATIONS: Weights = {
  '': 40,
  article: 27,
  section: 12,
  main: 8,
  footer: 4,
  header: 2,
  nav: 2,
  aside: 2,
  figure: 2,
  summary: 1,
};

/** The elements that hold links which every page of a site repeats. */
export const TEMPLATE_LOCATIONS: Weights = { footer: 45, '': 22, aside: 15, nav: 12, header: 6 };

/** The kinds of pages, by weight. A `file` is not HTML; a `copy` names another page as canonical. */
export const FATES: Weights = { sound: 178, missing: 5, gone: 1, failing: 2, moved: 7, copy: 4, file: 3 };

export const ANCHOR_CALLS = ['here', 'click here', 'read more', 'source', 'website', 'Visit site', 'link', 'via'];
export const SERVERS: Weights = { nginx: 40, cloudflare: 28, Apache: 20, LiteSpeed: 8, 'Microsoft-IIS/10.0': 4 };

interface PlatformSet {
  readonly names: readonly string[];
  readonly weight: number;
  /** Percent of outgoing links that are nofollow. */
  readonly nofollow: number;
  /** Content management systems of such sites; empty text: none was recognised. */
  readonly systems: readonly string[];
}

/** The platforms of a domain. The first entry means that none was recognised. */
export const PLATFORM_SETS: readonly PlatformSet[] = [
  { names: ['unknown'], weight: 34, nofollow: 2, systems: [''] },
  { names: ['cms'], weight: 16, nofollow: 2, systems: ['WordPress', 'WordPress', 'Drupal', 'Joomla', 'Wix'] },
  { names: ['blogs', 'cms'], weight: 18, nofollow: 6, systems: ['WordPress', 'WordPress', 'WordPress', 'Ghost'] },
  { names: ['cms', 'ecommerce'], weight: 5, nofollow: 2, systems: ['WordPress', 'PrestaShop'] },
  { names: ['ecommerce'], weight: 6, nofollow: 2, systems: ['Shopify', 'Shopify', 'Magento'] },
  { names: ['message-boards'], weight: 5, nofollow: 84, systems: ['phpBB', 'vBulletin', 'Discourse', ''] },
  { names: ['wikis'], weight: 2, nofollow: 92, systems: ['MediaWiki', 'MediaWiki', 'DokuWiki'] },
  { names: ['news'], weight: 4, nofollow: 14, systems: ['', 'Drupal'] },
  { names: ['blogs', 'news'], weight: 3, nofollow: 10, systems: ['WordPress'] },
  { names: ['organization'], weight: 5, nofollow: 1, systems: ['', '', 'Drupal'] },
  { names: ['blogs', 'cms', 'organization'], weight: 2, nofollow: 3, systems: ['WordPress', 'Drupal'] },
];

/** Sets of `rel` values that a link can have together. The first set is empty. */
export const ATTRIBUTE_SETS: readonly (readonly string[])[] = [
  [],
  ['noopener'],
  ['noopener', 'noreferrer'],
  ['nofollow'],
  ['nofollow', 'noopener'],
  ['nofollow', 'ugc'],
  ['nofollow', 'sponsored'],
  ['nofollow', 'noopener', 'ugc'],
];

/** Repeats each word as often as its weight, so that a uniform draw from the list is weighted. */
export function spread(weights: Weights): string[] {
  return Object.entries(weights).flatMap(([word, weight]) => Array<string>(weight).fill(word));
}

export { ADJECTIVES, NAME_ENDINGS, NOUNS, SECTIONS, SUBDOMAINS } from './words.js';
