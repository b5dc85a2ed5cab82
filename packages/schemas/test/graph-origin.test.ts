import { expect, it } from 'vitest';
import { importedInWords, publishedOrigin } from '../src/index.js';

const ARCHIVES = {
  form: 'warc',
  files: 2,
  pages: 12,
  links: 1300,
  edges: 0,
  first_date: '2026-03-01T12:00:00.000Z',
  last_date: '2026-03-08T12:00:00.000Z',
};
const EXPORT = { ...ARCHIVES, form: 'ahrefs', files: 1, first_date: null, last_date: null };
const GENERATED = { ...ARCHIVES, form: 'generated', files: 4, first_date: '2020-01-01T00:00:00.000Z' };
const ORIGIN = {
  kind: 'imported' as const,
  sources: [ARCHIVES],
  fetched_pages: 12,
  domain_tier: null,
  domains: 97,
  links: 1204,
};

it.each([
  [[ARCHIVES], '1,204 links of 97 domains, from 2 files (warc) of 2026-03-01 to 2026-03-08; 12 fetched pages'],
  [[EXPORT], '1,204 links of 97 domains, from 1 file (ahrefs); 12 fetched pages'],
  [
    [ARCHIVES, EXPORT, GENERATED],
    '1,204 links of 97 domains, from 3 files (warc, ahrefs) of 2026-03-01 to 2026-03-08; 12 fetched pages',
  ],
  [
    [{ ...ARCHIVES, last_date: ARCHIVES.first_date }],
    '1,204 links of 97 domains, from 2 files (warc) of 2026-03-01; 12 fetched pages',
  ],
])('tells what was imported, and leaves out what was generated', (sources, words) => {
  expect(importedInWords({ ...ORIGIN, sources })).toBe(words);
});

it('tells the edges of a web graph apart from links', () => {
  const tier = { domains: 9, edges: 5600, ranked_domains: 9, releases: ['2026-oct'] };
  expect(importedInWords({ ...ORIGIN, domain_tier: tier })).toContain('; 12 fetched pages; 5,600 edges of domains');
});

it('is of the upstreams that tell it in its form', () => {
  expect(publishedOrigin({ login: 'me', origin: ORIGIN })).toEqual(ORIGIN);
  expect(publishedOrigin({ login: 'me' })).toBeNull();
  expect(publishedOrigin({ origin: { ...ORIGIN, kind: 'bought' } })).toBeNull();
  expect(publishedOrigin(null)).toBeNull();
});
