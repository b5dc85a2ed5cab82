/** The public suffix list as tldts ships it: internal to it, and so without types where the code is. */
declare module 'tldts/dist/cjs/src/data/trie.js' {
  /** Of a node: 0 where no suffix ends at it. */
  export const nodeFlags: Uint8Array;
  /** The edges of a node are those from its place here to the next one's. */
  export const edgeStart: Uint16Array;
  export const edgeLength: Uint8Array;
  export const edgeChild: Uint16Array;
  /** The labels of all edges, one after the other. */
  export const labelText: string;
  export const rulesRoot: number;
}
