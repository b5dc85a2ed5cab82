import { expect, it } from 'vitest';
import { mapsToPairs } from '../src/index.js';

it('turns maps into lists of pairs, and nothing else', () => {
  const item = {
    page: 'https://a.com/',
    meta: { technologies: { cms: ['x', 'y'] }, social_media_tags: {}, h1: ['a'], new: { 'not a map': { '': 1 } } },
    page_summary: { rank: 3, referring_links_countries: { '': 7, US: null }, referring_links_tld: null },
    unknown: { '': 1, a: 2 },
  };
  expect(mapsToPairs('domain_pages')(item)).toEqual({
    page: 'https://a.com/',
    meta: {
      technologies: [{ key: 'cms', value: ['x', 'y'] }],
      social_media_tags: [],
      h1: ['a'],
      new: { 'not a map': [{ key: '', value: 1 }] },
    },
    page_summary: {
      rank: 3,
      referring_links_countries: [
        { key: '', value: 7 },
        { key: 'US', value: null },
      ],
      referring_links_tld: null,
    },
    unknown: [
      { key: '', value: 1 },
      { key: 'a', value: 2 },
    ],
  });
});
