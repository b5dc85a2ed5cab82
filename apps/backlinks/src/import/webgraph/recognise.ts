import { basename } from 'node:path';

/** A file of a web graph of Common Crawl. */
export interface WebgraphFile {
  /** By its lines. */
  readonly kind: 'vertices' | 'edges' | 'ranks';
  /** How many lines name the columns. */
  readonly headers: number;
  /** How many columns its lines have. */
  readonly columns: number;
}

const HEADER = /^(?:#|harmonic)/i;
const FORMS: readonly { readonly kind: WebgraphFile['kind']; readonly line: RegExp }[] = [
  { kind: 'edges', line: /^\d+\t\d+$/ },
  { kind: 'vertices', line: /^\d+\t\d*[^\t\s\d][^\t\s]*(?:\t\d+)?$/ },
  { kind: 'ranks', line: /^(?:#\s*)?harmonicc?_pos\t|^\d+\t[\d.eE+-]+\t\d+\t[\d.eE+-]+\t[^\t\s]+(?:\t\d+)?$/i },
];

/** Null where the text is no file of a web graph. Its last line may be cut off. */
export function webgraphFile(text: string): WebgraphFile | null {
  const lines = text.split(/\r?\n/).slice(0, -1).slice(0, 20);
  // A broken line is no other form.
  const fits = (line: RegExp) => lines.filter((seen) => line.test(seen)).length > lines.length / 2;
  const [first = ''] = lines;
  const form = FORMS.find(({ line }) => line.test(first) && fits(line));
  if (form === undefined) return null;
  const headers = HEADER.test(first) ? 1 : 0;
  const row = lines.slice(headers).find((seen) => form.line.test(seen)) ?? first;
  return { kind: form.kind, headers, columns: row.split('\t').length };
}

/** Where the vertices of a file of edges are: Common Crawl names them alike. */
export function verticesOf(edges: string): string {
  const place = edges.lastIndexOf('edges');
  return place === -1 ? '' : `${edges.slice(0, place)}vertices${edges.slice(place + 'edges'.length)}`;
}

/** Whether a file has a share of the vertices or edges: an edge may name vertices of any other file, and numbers alone tell which. */
export function isShare(path: string): boolean {
  return /^part-\d+\b/.test(basename(path));
}
