/** Well-known domains of several kinds, for a first list. */
export const EXAMPLE_TARGETS = [
  'wikipedia.org',
  'github.com',
  'nytimes.com',
  'bbc.co.uk',
  'mozilla.org',
  'nasa.gov',
  'stackoverflow.com',
  'https://www.nytimes.com/section/technology',
  'who.int',
  'archive.org',
  'nature.com',
  'harvard.edu',
];
