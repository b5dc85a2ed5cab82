import { checksumOf, sha256Of } from './part-there.js';
import { type Opened, siteOfTable } from './read-source.js';
import type { Recognised } from './sources/recognise.js';
import { verticesOf } from './webgraph/recognise.js';

/** What the part of a source is named by: the checksum of its bytes, and of what else decides its rows. */
export async function partName(opened: Opened, recognised: Recognised, sha256: string): Promise<string> {
  if (recognised.kind === 'webgraph' && recognised.file.kind === 'edges') {
    // Edges are pairs of numbers: the vertices say of what. That they are missing is told when the part is made.
    const vertices = await checksumOf(verticesOf(opened.path)).catch(() => '');
    return sha256Of(`${sha256} ${vertices}`);
  }
  if (recognised.kind !== 'table') return sha256;
  const site = await siteOfTable(opened, recognised);
  return site === null ? sha256 : sha256Of(`${sha256} ${site}`);
}
