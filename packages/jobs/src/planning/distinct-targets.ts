import { type KeyPlace, placeKey } from '@linkhaul/schemas';
import { createCounts } from './counts.js';
import { KeyTable } from './key-table.js';
import { createTextKeys, type TextKey } from './text-key.js';

/** How a target relates to the others of its list. Lines are counted from 1. */
interface TargetNumbers {
  /** The line of the first row with the same target. 0 if this is the first. */
  readonly first: number;
  /**
   * For a target that comes for the first time: the line of the first target with its match key. 0 if this is the
   * first.
   */
  readonly alike: number;
  /** The number of its registrable domain, from 0 in order of appearance. -1 if domains are not counted. */
  readonly domain: number;
}

export interface DistinctTargets {
  readonly targets: number;
  /** The most targets with the same match key. */
  readonly mostWithOneKey: number;
  /**
   * For each registrable domain: how many of its targets are the first with their match key, how many the second, and
   * so on. Empty if domains are not counted.
   */
  readonly layerSizes: Iterable<number>;
  /** Adds the next target. Returns the same object each time. */
  take(line: number, target: { readonly target: string; readonly domain: string }): TargetNumbers;
}

/**
 * Tells targets apart without keeping them or their domains. The key of a target is the key of its match key, with the
 * rest of the target in one of its parts, so that a search also meets targets with the same match key. The key of a
 * domain is that of its name, with the layer in the same part: for a target that is its own domain both are the same
 * text.
 */
export function createDistinctTargets(countsDomains: boolean): DistinctTargets {
  const keys = createTextKeys();
  const table = new KeyTable();
  // The first layer of a domain has its number.
  const [domains, further] = [createCounts(), createCounts()];
  const place: KeyPlace = { from: 0, to: 0, without: 0, variant: 0 };
  const changed = { a: 0, b: 0, c: 0 };
  const numbers = { first: 0, alike: 0, domain: -1 };
  let mostAlike = 0;

  const withNumber = ({ a, b, c }: TextKey, number: number): TextKey => {
    changed.a = a;
    changed.b = b ^ number;
    changed.c = c;
    return changed;
  };
  const takeTarget = (line: number, target: string) => {
    placeKey(target, place);
    numbers.first = table.putIfNew(withNumber(keys.of(target, place), place.variant), line);
    numbers.alike = numbers.first === 0 ? table.firstAlike : 0;
    if (numbers.first === 0 && table.alike > mostAlike) mostAlike = table.alike;
  };
  const takeDomain = (target: string, domain: string, layer: number) => {
    const { from, without, to } = place;
    // The lengths alone do not show it: for a page of `www.com`, the key `com/abc` is as long.
    const isKey = without === to && to - from === domain.length && target.startsWith(domain, from);
    // It is often the key that was made last.
    const key = isKey ? keys.last : keys.of(domain, { from: 0, to: domain.length, without: domain.length });
    numbers.domain = table.number(withNumber(key, 0), domains.end);
    domains.add(numbers.domain, numbers.first === 0 && layer === 0 ? 1 : 0);
    if (layer > 0) further.add(table.number(withNumber(key, layer), further.end), 1);
  };
  return {
    get targets() {
      return table.lines;
    },
    get mostWithOneKey() {
      return Math.min(table.lines, mostAlike + 1);
    },
    layerSizes: {
      *[Symbol.iterator]() {
        yield* domains;
        yield* further;
      },
    },
    take(line, { target, domain }) {
      takeTarget(line, target);
      if (countsDomains) takeDomain(target, domain, numbers.first === 0 ? table.alike : 0);
      return numbers;
    },
  };
}
