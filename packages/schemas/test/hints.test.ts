import { expect, it } from 'vitest';
import { hintOf, normaliseTarget } from '../src/index.js';

const given = { as: 'given', keepWww: false, acceptsPages: true } as const;

it.each([
  ['https://example.com/?a=1&amp;b=2', 'html_entity'],
  ['https://example.com/?a=1&#038;b=2', 'html_entity'],
  ['https://example.com/?a=1&#x26;b=2', 'html_entity'],
  ['https://example.com/?a=&quot;b', 'html_entity'],
  ['https://example.com/f\ufffdr', 'lost_character'],
  ['https://example.com/fÃ¼r', 'wrong_encoding'],
  ['https://example.com/straÃŸe', 'wrong_encoding'],
  ['https://example.com/aâ€“b', 'wrong_encoding'],
  ['https://web.archive.org/web/2020/https://example.com/', 'url_within'],
  ['https://example.com/login?to=HTTP://example.org/', 'url_within'],
  ['https://example.com/#/about', 'route_dropped'],
  ['https://example.com/a?b=1#!/c', 'route_dropped'],
  ['https://example.com/#!about', 'route_dropped'],
  ['https://example.com/a…', 'cut_off'],
  ['  https://example.com/a,\u200e', 'trailing_separator'],
  ['https://example.com/a;', 'trailing_separator'],
  ['https://example.com/a,12', 'number_behind'],
  ['https://example.com/a;12', 'number_behind'],
  ['https://example.com/a|12', 'number_behind'],
])('%s is valid, and looks odd: %s', (input, code) => {
  expect(normaliseTarget(input, given).ok).toBe(true);
  expect(hintOf(input)).toEqual({ code, message: expect.stringMatching(/\.$/) });
});

it.each([
  'example.com',
  'https://example.com/',
  'https://example.com/a,b;c?d=1&e=2&amplitude=3',
  'https://example.com/a://b',
  'https://example.com/a,1,2',
  'https://example.com/a?at=1,2',
  'https://example.com/a,1.html',
  'https://example.com/a...',
  'https://example.com/a#top',
  'https://example.com/a#:~:text=b/c',
  'https://example.com/?a=1&b#x26',
  'https://example.com/SÃO-Ângela-â',
])('%s looks as usual', (input) => {
  expect(hintOf(input)).toBeNull();
});
