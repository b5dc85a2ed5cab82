import { createNumbering } from './numbering.js';
import { increase, type Ordering, orderBy } from './ordering.js';
import type { Pieces } from './pieces.js';
import { type EndSlice, inSlices } from './slices.js';
import type { TargetList } from './target-list.js';

/** Targets in an order in which each piece is one stretch. */
interface CutTargets {
  readonly order: Int32Array;
  readonly pieces: Pieces;
}

/** Layers of targets: those of one layer have the same domain, and no match key comes twice among them. */
interface Layers {
  readonly layerOf: Int32Array;
  readonly count: number;
  /** The family of each layer, -1 if its domain has only one layer. Null if no two targets have the same match key. */
  readonly familyOf: Int32Array | null;
  readonly families: number;
}

/**
 * Cuts targets into pieces of one domain each. Targets with the same match key come into different layers of their
 * domain, by how many with that key came before. The layers of a domain are one family: no call has two of them.
 * Domains that share a key (a private suffix, and `www.` before it) are one family together.
 */
export async function cutTargets(list: TargetList, maxTargets: number, endSlice: EndSlice): Promise<CutTargets> {
  const domainOf = list.domainOf ?? new Int32Array(list.count);
  const domains = { domainOf, domains: Math.max(list.domains, 1) };
  const layers =
    list.keys === list.count
      ? { layerOf: domainOf, count: domains.domains, familyOf: null, families: 0 }
      : await layDown({ ...list, ...domains }, endSlice);
  const ordering = await orderBy(layers.layerOf, layers.count, endSlice);
  return { order: ordering.positions, pieces: await cutLayers({ ordering, layers, maxTargets }, endSlice) };
}

async function layDown(list: TargetList & { domainOf: Int32Array }, endSlice: EndSlice): Promise<Layers> {
  const { count, keyOf, keys, domainOf, domains } = list;
  const seenOfKey = new Int32Array(keys);
  const domainOfKey = new Int32Array(keys);
  const union = createUnion(domains);
  // A domain's first layer has the domain's number. All further layers come after those.
  const further = createNumbering(count - keys);
  const domainOfFurther = new Int32Array(count - keys);
  const layerOf = new Int32Array(count);
  await inSlices(count, endSlice, (position) => {
    const [key, domain] = [keyOf[position] ?? 0, domainOf[position] ?? 0];
    const depth = increase(seenOfKey, key, 1);
    layerOf[position] = domain;
    if (depth === 0) {
      domainOfKey[key] = domain;
      return;
    }
    union.join(domain, domainOfKey[key] ?? 0);
    const number = further.numberOf(depth, Math.imul(domain, SPREAD));
    domainOfFurther[number] = domain;
    layerOf[position] = domains + number;
  });
  const isDivided = new Uint8Array(domains);
  await inSlices(further.count, endSlice, (number) => {
    isDivided[union.of(domainOfFurther[number] ?? 0)] = 1;
  });
  const layers = domains + further.count;
  const familyOf = new Int32Array(layers);
  await inSlices(layers, endSlice, (layer) => {
    const family = union.of(layer < domains ? layer : (domainOfFurther[layer - domains] ?? 0));
    familyOf[layer] = isDivided[family] === 1 ? family : -1;
  });
  return { layerOf, count: layers, familyOf, families: domains };
}

/** Odd, so that no two domains come to one product. */
const SPREAD = 0x9e3779b1;

/** Joins numbers that belong together into sets. */
function createUnion(count: number) {
  const parents = new Int32Array(count);
  for (let number = 0; number < count; number++) parents[number] = number;
  const of = (number: number): number => {
    let at = number;
    for (let parent = parents[at] ?? 0; parent !== at; parent = parents[at] ?? 0) {
      parents[at] = parents[parent] ?? 0;
      at = parent;
    }
    return at;
  };
  return {
    of,
    join(a: number, b: number) {
      if (a !== b) parents[Math.max(of(a), of(b))] = Math.min(of(a), of(b));
    },
  };
}

interface Cutting {
  readonly ordering: Ordering;
  readonly layers: Layers;
  readonly maxTargets: number;
}

/** Cuts a layer that is larger than a call into full pieces and a rest. */
async function cutLayers({ ordering, layers, maxTargets }: Cutting, endSlice: EndSlice): Promise<Pieces> {
  const firstOf = (layer: number) => ordering.starts[layer] ?? 0;
  let count = 0;
  await inSlices(layers.count, endSlice, (layer) => {
    count += Math.ceil((firstOf(layer + 1) - firstOf(layer)) / maxTargets);
  });
  const starts = new Int32Array(count);
  const sizes = new Int32Array(count);
  const familyOf = layers.familyOf === null ? null : new Int32Array(count);
  let piece = 0;
  let { families } = layers;
  await inSlices(layers.count, endSlice, (layer) => {
    const end = firstOf(layer + 1);
    const family = layers.familyOf?.[layer] ?? -1;
    for (let from = firstOf(layer); from < end; from += maxTargets) {
      starts[piece] = from;
      sizes[piece] = Math.min(maxTargets, end - from);
      if (familyOf !== null) familyOf[piece] = family === -1 ? families++ : family;
      piece++;
    }
  });
  return { count, starts, sizes, familyOf, families };
}
