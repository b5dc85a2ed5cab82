import { createNumbering } from './numbering.js';
import { increase, type Ordering, orderBy } from './ordering.js';
import type { TargetList } from './target-list.js';
import { inTurns, type Turn } from './turns.js';

/** Pieces of one domain each, none larger than a call: stretches of `order`, which holds the positions of all targets. */
export interface Pieces {
  readonly order: Int32Array;
  /** Where each piece begins in `order`. */
  readonly starts: Int32Array;
  readonly sizes: Int32Array;
}

/**
 * Cuts targets into pieces. No piece has two targets with one match key: the second target with a key is in the second
 * layer of its domain, and so on. Pieces of further layers come last, so that they seldom share a call with the first.
 */
export async function cutIntoPieces(list: TargetList, maxTargets: number, turn: Turn): Promise<Pieces> {
  const domainOf = list.domainOf ?? new Int32Array(list.count);
  const domains = Math.max(list.domains, 1);
  const layers =
    list.keys === list.count ? { layerOf: domainOf, count: domains } : await layDown(list, { domainOf, domains }, turn);
  return cutLayers(await orderBy(layers.layerOf, layers.count, turn), maxTargets, turn);
}

/** A layer that is larger than a call is cut into pieces of a call's size, and one with the rest. */
async function cutLayers({ positions, starts: layers }: Ordering, maxTargets: number, turn: Turn): Promise<Pieces> {
  const cut = (each: (from: number, size: number) => void) =>
    inTurns(layers.length - 1, turn, (layer) => {
      const end = layers[layer + 1] ?? 0;
      for (let from = layers[layer] ?? 0; from < end; from += maxTargets) each(from, Math.min(maxTargets, end - from));
    });
  let count = 0;
  await cut(() => count++);
  const [starts, sizes] = [new Int32Array(count), new Int32Array(count)];
  let piece = 0;
  await cut((from, size) => {
    starts[piece] = from;
    sizes[piece] = size;
    piece++;
  });
  return { order: positions, starts, sizes };
}

/** Odd, so that no two domains come to one product. */
const SPREAD = 0x9e3779b1;

async function layDown(
  { count, keyOf, keys }: TargetList,
  { domainOf, domains }: { domainOf: Int32Array; domains: number },
  turn: Turn,
): Promise<{ layerOf: Int32Array; count: number }> {
  const bearers = new Int32Array(keys);
  // The first layer of a domain has its number; the further ones come after all of those.
  const further = createNumbering(count - keys);
  const layerOf = new Int32Array(count);
  await inTurns(count, turn, (position) => {
    const domain = domainOf[position] ?? 0;
    const depth = increase(bearers, keyOf[position] ?? 0, 1);
    layerOf[position] = depth === 0 ? domain : domains + further.numberOf(depth, Math.imul(domain, SPREAD));
  });
  return { layerOf, count: domains + further.count };
}
