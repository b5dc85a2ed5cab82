import { type EndpointName, endpointOf } from '@linkhaul/schemas';
import { describe, expect, it } from 'vitest';
import { createInputOrder } from '../src/submit/input-order.js';

function callsOf(endpoint: EndpointName, targets: Iterable<string>): number {
  const order = createInputOrder(endpointOf(endpoint));
  for (const target of targets) order.add(target);
  return order.calls;
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const ofDomains = (count: number) => numbers(count).map((at) => `site-${at}.com`);
const ofOne = (count: number) => numbers(count).map((at) => `h${at}.example.com`);

describe('calls in input order', () => {
  it.each([
    ['nothing', 0, []],
    ['a full call', 1, ofDomains(1000)],
    ['one target more', 2, ofDomains(1001)],
    ['duplicates, which are asked about again', 3, Array<string>(2001).fill('a.com')],
  ])('without a cap on domains: %s', (_, calls, targets) => {
    expect(callsOf('bulk_backlinks', targets)).toBe(calls);
  });

  it.each([
    ['hosts of one domain', 1, ofOne(1000)],
    ['a hundred domains', 1, ofDomains(100)],
    ['a hundred and one', 2, ofDomains(101)],
    ['a known domain in a call with a hundred', 1, [...ofDomains(100), 'www2.site-0.com']],
    ['both caps', 2, [...ofOne(950), ...ofDomains(99), ...ofOne(3)]],
  ])('with one: %s', (_, calls, targets) => {
    expect(callsOf('bulk_pages_summary', targets)).toBe(calls);
  });

  it('of a list endpoint every row is one', () => {
    expect(callsOf('domain_pages', ['a.com', 'a.com', 'b.com'])).toBe(3);
  });

  it('a list in turns of domains fills no call', () => {
    const turns = numbers(10).flatMap(() => ofDomains(200));
    expect(callsOf('bulk_pages_summary', turns)).toBe(20);
  });
});
