import fc from 'fast-check';

/** Pieces of targets and of what people and programs put in their place. */
const hosts = fc.constantFrom(
  'example.com',
  'Example.COM',
  'www.example.com',
  'www.www.example.com',
  'www.com',
  'blog.example.co.uk',
  'a.github.io',
  'www.github.io',
  'co.uk',
  'bücher.de',
  'BÜCHER.de',
  'faß.de',
  '例え.jp',
  'example。com',
  '💩.la',
  'xn--bcher-kva.de',
  'xn--a.com',
  '½.com',
  '℡.com',
  'exa\u00admple.com',
  'exa\u200dmple.com',
  'exa\u200bmple.com',
  'ex_ample.com',
  `${'a'.repeat(64)}.com`,
  'localhost',
  '1.2.3.4',
  '0x7f.1',
  '[::1]',
  '１.２.３.４',
  'ex%61mple.com',
  '*.example.com',
);

const noise = fc.oneof(
  fc.constantFrom(
    '.',
    '..',
    '/',
    '//',
    '\\',
    ':',
    ':443',
    ':0443',
    '@',
    'u:p@',
    '#',
    '?',
    '%2e',
    '%',
    ' ',
    '\t',
    '\n',
    '\0',
    '\ud800',
    'www.',
  ),
  fc.string({ unit: 'binary', maxLength: 4 }),
);

const schemes = fc.constantFrom(
  '',
  '',
  'https://',
  'HTTP://',
  'http:',
  'http:/',
  'https:///',
  'http:\\\\',
  '//',
  'ftp://',
  'mailto:',
);
const rests = fc.oneof(
  fc.constant(''),
  fc.webPath(),
  fc.constantFrom(
    '/',
    '/a/',
    '/a/../b',
    '/A?Q=1#f',
    '?x',
    '#f',
    ':80/',
    ':8443/a',
    '\\a',
    './',
    '/é',
    '/?/',
    '/@me',
    '/a%2Fb/',
  ),
);

/** Rows that are near to targets, and rows that are near to nothing. */
export const rowTexts = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(schemes, hosts, rests).map((parts) => parts.join('')) },
  { weight: 3, arbitrary: fc.tuple(schemes, noise, hosts, noise, rests, noise).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.webUrl({ withFragments: true, withQueryParameters: true }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 64 }) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: fc.integer({ min: 0xd7f0, max: 0xe00f }).map((unit) => String.fromCharCode(unit)) }),
  },
);

export const normaliseOptions = fc.record({
  as: fc.constantFrom('given' as const, 'host' as const, 'domain' as const),
  keepWww: fc.boolean(),
  acceptsPages: fc.boolean(),
});
