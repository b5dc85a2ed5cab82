import { edgeChild, edgeLength, edgeStart, labelText, nodeFlags, rulesRoot } from 'tldts/dist/cjs/src/data/trie.js';

const DOT = 0x2e;
const STAR = 0x2a;
const NONE = -1;

/** The tree that `judgeHost` goes down, over bytes: its edges, found by the node that they leave and the hash of their label. */
const edges = edgeChild.length;
const labels = Uint16Array.from({ length: labelText.length }, (_, at) => labelText.charCodeAt(at));
const labelFrom = new Int32Array(edges);
const parent = new Int32Array(edges);
const hashes = new Int32Array(edges);
const hasStar = new Uint8Array(nodeFlags.length);
/** A power of two, a third of it taken at most. Each place holds an edge, or -1. */
const places = new Int32Array(2 ** Math.ceil(Math.log2(3 * edges))).fill(NONE);
const mask = places.length - 1;

for (let node = 0, from = 0; node < nodeFlags.length; node++) {
  for (let edge = edgeStart[node] ?? 0; edge < (edgeStart[node + 1] ?? 0); edge++) {
    const to = from + (edgeLength[edge] ?? 0);
    let hash = node;
    for (let at = to - 1; at >= from; at--) hash = hashed(hash, labels[at] ?? 0);
    labelFrom[edge] = from;
    parent[edge] = node;
    hashes[edge] = hash;
    if (to - from === 1 && labels[from] === STAR) hasStar[node] = 1;
    let place = hash & mask;
    while (places[place] !== NONE) place = (place + 1) & mask;
    places[place] = edge;
    from = to;
  }
}

/** The label that is looked at: one object for all of them, of which a list has millions. */
const label = { from: 0, to: 0 };

/**
 * Where the registrable domain begins of the lower-case ASCII host that stands from `from` to `to`. -1 where it has none,
 * or where a rule with a wildcard is near: then nothing is said.
 */
export function registrableFrom(bytes: Uint8Array, from: number, to: number): number {
  let node = rulesRoot;
  let suffixFrom = NONE;
  let labelTo = to;
  while (labelTo > from) {
    const at = labelBefore(bytes, from, labelTo);
    label.from = at;
    label.to = labelTo;
    const edge = edgeOf(node, bytes, label);
    if (edge === NONE) break;
    node = edgeChild[edge] ?? 0;
    if (hasStar[node] === 1) return NONE;
    if (nodeFlags[node] !== 0) suffixFrom = at;
    labelTo = at - 1;
  }
  return suffixFrom <= from ? NONE : labelBefore(bytes, from, suffixFrom - 1);
}

/** Where the label begins that ends here. */
function labelBefore(bytes: Uint8Array, from: number, to: number): number {
  let at = to;
  while (at > from && bytes[at - 1] !== DOT) at--;
  return at;
}

/** The edge of a node with this label, or -1. */
function edgeOf(node: number, bytes: Uint8Array, { from, to }: typeof label): number {
  let hash = node;
  for (let at = to - 1; at >= from; at--) hash = hashed(hash, bytes[at] ?? 0);
  for (let place = hash & mask; ; place = (place + 1) & mask) {
    const edge = places[place] ?? NONE;
    if (edge === NONE) return NONE;
    const isAlike = hashes[edge] === hash && parent[edge] === node && edgeLength[edge] === to - from;
    if (isAlike && isLabel(edge, bytes, from)) return edge;
  }
}

function isLabel(edge: number, bytes: Uint8Array, from: number): boolean {
  const start = labelFrom[edge] ?? 0;
  for (let at = 0; at < (edgeLength[edge] ?? 0); at++) if (bytes[from + at] !== labels[start + at]) return false;
  return true;
}

function hashed(hash: number, code: number): number {
  return Math.imul(hash, 33) ^ code;
}
