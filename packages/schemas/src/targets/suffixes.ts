import { edgeChild, edgeLength, edgeStart, labelText, nodeFlags, rulesRoot } from 'tldts/dist/cjs/src/data/trie.js';

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
    const hash = hashOf(node, labels, { from, to });
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

/** Where the labels of a host stand. */
interface HostLabels {
  /** Where each begins, but for those after the first `count`. */
  readonly starts: Int32Array;
  readonly count: number;
  /** Where the last one ends. */
  readonly to: number;
}

/**
 * Where the registrable domain of a lower-case ASCII host begins. -1 where it has none, or where a rule with a wildcard is
 * near: then nothing is said.
 */
export function registrableFrom(bytes: Uint8Array, { starts, count, to }: HostLabels): number {
  let node = rulesRoot;
  let suffix = NONE;
  let labelTo = to;
  for (let label = count - 1; label >= 0; label--) {
    const from = starts[label] ?? 0;
    const edge = edgeOf(node, bytes, { from, to: labelTo });
    if (edge === NONE) break;
    node = edgeChild[edge] ?? 0;
    if (hasStar[node] === 1) return NONE;
    if (nodeFlags[node] !== 0) suffix = label;
    labelTo = from - 1;
  }
  return suffix < 1 ? NONE : (starts[suffix - 1] ?? 0);
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** The edge of a node with this label, or -1. */
function edgeOf(node: number, bytes: Uint8Array, label: Range): number {
  const hash = hashOf(node, bytes, label);
  const length = label.to - label.from;
  for (let place = hash & mask; ; place = (place + 1) & mask) {
    const edge = places[place] ?? NONE;
    if (edge === NONE) return NONE;
    const isAlike = hashes[edge] === hash && parent[edge] === node && edgeLength[edge] === length;
    if (isAlike && isLabel(edge, bytes, label.from)) return edge;
  }
}

function isLabel(edge: number, bytes: Uint8Array, from: number): boolean {
  const start = labelFrom[edge] ?? 0;
  for (let at = 0; at < (edgeLength[edge] ?? 0); at++) if (bytes[from + at] !== labels[start + at]) return false;
  return true;
}

/** Of a node, and of the length and four letters of a label: enough to tell nearly all others apart without a loop. */
function hashOf(node: number, codes: Uint8Array | Uint16Array, { from, to }: Range): number {
  const length = to - from;
  let hash = Math.imul(node, 0x9e3779b1) ^ length;
  hash = hashed(hash, codes[from] ?? 0);
  hash = hashed(hash, codes[from + (length >> 2)] ?? 0);
  hash = hashed(hash, codes[from + (length >> 1)] ?? 0);
  hash = hashed(hash, codes[to - 1] ?? 0);
  return hash ^ (hash >>> 15);
}

function hashed(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x85ebca6b);
}
