/** The files of a web graph of Common Crawl, by the lines that they hold. */
export type WebgraphFile = 'vertices' | 'edges' | 'ranks';

const FORMS: readonly { readonly kind: WebgraphFile; readonly line: RegExp }[] = [
  { kind: 'edges', line: /^\d+\t\d+$/ },
  { kind: 'vertices', line: /^\d+\t\d*[^\t\s\d][^\t\s]*(?:\t\d+)?$/ },
  { kind: 'ranks', line: /^(?:#\s*)?harmonicc?_pos\t|^\d+\t[\d.eE+-]+\t\d+\t[\d.eE+-]+\t[^\t\s]+(?:\t\d+)?$/i },
];

/** Null where the text is no file of a web graph. Its last line may be cut off. */
export function webgraphFile(text: string): WebgraphFile | null {
  const lines = text.split(/\r?\n/).slice(0, -1).slice(0, 20);
  // A broken line is no other form.
  const fits = (line: RegExp) => lines.filter((seen) => line.test(seen)).length > lines.length / 2;
  return FORMS.find(({ line }) => line.test(lines[0] ?? '') && fits(line))?.kind ?? null;
}

/** Where the vertices of a file of edges are: Common Crawl names them alike. */
export function verticesOf(edges: string): string {
  const place = edges.lastIndexOf('edges');
  return place === -1 ? '' : `${edges.slice(0, place)}vertices${edges.slice(place + 'edges'.length)}`;
}
