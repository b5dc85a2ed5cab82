import { type EndpointName, endpointOf } from '@linkhaul/schemas';
import { describe, expect, it } from 'vitest';
import { createInputOrder } from '../src/submit/estimate/input-order.js';

/** Of targets by their domains' numbers. */
function callsOf(endpoint: EndpointName, domains: Iterable<number>): number {
  const order = createInputOrder(endpointOf(endpoint));
  for (const domain of domains) order.add(domain);
  return order.calls;
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const ofDomains = numbers;
const ofOne = (count: number) => Array<number>(count).fill(5000);

describe('calls in input order', () => {
  it.each([
    ['nothing', 0, []],
    ['a full call', 1, ofDomains(1000)],
    ['one target more', 2, ofDomains(1001)],
    ['duplicates, which are asked about again', 3, Array<number>(2001).fill(7)],
  ])('without a cap on domains: %s', (_, calls, targets) => {
    expect(callsOf('bulk_backlinks', targets)).toBe(calls);
  });

  it.each([
    ['hosts of one domain', 1, ofOne(1000)],
    ['a hundred domains', 1, ofDomains(100)],
    ['a hundred and one', 2, ofDomains(101)],
    ['a known domain in a call with a hundred', 1, [...ofDomains(100), 0]],
    ['both caps', 2, [...ofOne(950), ...ofDomains(99), ...ofOne(3)]],
  ])('with one: %s', (_, calls, targets) => {
    expect(callsOf('bulk_pages_summary', targets)).toBe(calls);
  });

  it('of a list endpoint every row is one', () => {
    expect(callsOf('domain_pages', [0, 0, 1])).toBe(3);
  });

  it('a list in turns of domains fills no call', () => {
    const turns = numbers(10).flatMap(() => ofDomains(200));
    expect(callsOf('bulk_pages_summary', turns)).toBe(20);
  });
});
