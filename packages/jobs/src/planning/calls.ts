import { type BulkEndpoint, type Endpoint, matchKey, registrableDomain } from '@linkhaul/schemas';
import { packGroups } from './packing.js';

/**
 * How many calls a list of targets needs, and which targets each holds, by position. Targets must be distinct.
 * Two targets with one match key (a host and its root page) never share a call: they are told apart by layers, each
 * packed by itself.
 */
export function planCalls(endpoint: Endpoint, targets: readonly string[]): number[][] {
  if (endpoint.kind === 'list') return targets.map((_, position) => [position]);
  return layersOf(targets).flatMap((layer) => packLayer(endpoint, targets, layer));
}

/** Positions by how many targets with the same match key came before: almost always one layer. */
function layersOf(targets: readonly string[]): number[][] {
  const seen = new Map<string, number>();
  const layers: number[][] = [];
  targets.forEach((target, position) => {
    const key = matchKey(target);
    const depth = seen.get(key) ?? 0;
    seen.set(key, depth + 1);
    let layer = layers[depth];
    if (layer === undefined) {
      layer = [];
      layers[depth] = layer;
    }
    layer.push(position);
  });
  return layers;
}

function packLayer(endpoint: BulkEndpoint, targets: readonly string[], layer: readonly number[]): number[][] {
  const groups = endpoint.maxDomains === null ? [layer] : groupByDomain(targets, layer);
  const sizes = groups.map((group) => group.length);
  const calls = packGroups(sizes, { targets: endpoint.maxTargets, domains: endpoint.maxDomains });
  return calls.map((pieces) => pieces.flatMap(({ group, from, to }) => groups[group]?.slice(from, to) ?? []));
}

function groupByDomain(targets: readonly string[], layer: readonly number[]): number[][] {
  const groups = new Map<string, number[]>();
  for (const position of layer) {
    const domain = registrableDomain(targets[position] ?? '');
    const group = groups.get(domain);
    if (group === undefined) groups.set(domain, [position]);
    else group.push(position);
  }
  return [...groups.values()];
}
