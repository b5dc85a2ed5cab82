import { type BulkEndpoint, type Endpoint, matchKey, registrableDomain } from '@linkhaul/schemas';
import { packGroups } from './packing.js';
import { createTurns } from './turns.js';

type Turn = ReturnType<typeof createTurns>;

/**
 * How many calls a list of targets needs, and which targets each holds, by position. Targets must be distinct.
 * Two targets with one match key (a host and its root page) never share a call: they are told apart by layers, each
 * packed by itself. Millions of targets take seconds, in slices.
 */
export async function planCalls(endpoint: Endpoint, targets: readonly string[]): Promise<number[][]> {
  if (endpoint.kind === 'list') return targets.map((_, position) => [position]);
  const turn = createTurns();
  const calls: number[][] = [];
  for (const layer of await layersOf(targets, turn)) {
    for await (const call of packLayer(endpoint, { targets, layer, turn })) calls.push(call);
  }
  return calls;
}

/** Positions by how many targets with the same match key came before: almost always one layer. */
async function layersOf(targets: readonly string[], turn: Turn): Promise<number[][]> {
  const seen = new Map<string, number>();
  const layers: number[][] = [];
  for (const [position, target] of targets.entries()) {
    const key = matchKey(target);
    const depth = seen.get(key) ?? 0;
    seen.set(key, depth + 1);
    let layer = layers[depth];
    if (layer === undefined) {
      layer = [];
      layers[depth] = layer;
    }
    layer.push(position);
    const due = turn();
    if (due) await due;
  }
  return layers;
}

interface Layer {
  readonly targets: readonly string[];
  readonly layer: readonly number[];
  readonly turn: Turn;
}

async function* packLayer(endpoint: BulkEndpoint, layer: Layer): AsyncGenerator<number[]> {
  const groups = endpoint.maxDomains === null ? [layer.layer] : await groupByDomain(layer);
  const sizes = groups.map((group) => group.length);
  for (const pieces of packGroups(sizes, { targets: endpoint.maxTargets, domains: endpoint.maxDomains })) {
    yield pieces.flatMap(({ group, from, to }) => groups[group]?.slice(from, to) ?? []);
    const due = layer.turn();
    if (due) await due;
  }
}

async function groupByDomain({ targets, layer, turn }: Layer): Promise<number[][]> {
  const groups = new Map<string, number[]>();
  for (const position of layer) {
    const domain = registrableDomain(targets[position] ?? '');
    const group = groups.get(domain);
    if (group === undefined) groups.set(domain, [position]);
    else group.push(position);
    const due = turn();
    if (due) await due;
  }
  return [...groups.values()];
}
