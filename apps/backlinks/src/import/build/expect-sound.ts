import { GraphFileError } from '../../graph/graph-file.js';
import type { PartHead } from '../part.js';
import { missingRows, type Part } from '../part-files.js';

/** Throws a GraphFileError with a sentence where the parts of a folder would make a graph that is wrong. */
export async function expectSound(folder: string, parts: readonly Part[]): Promise<void> {
  const [missing] = await missingRows(folder, parts);
  if (missing !== undefined) {
    throw new GraphFileError(
      `${missing} is missing, and the head of its part says that it has rows: import its source again`,
    );
  }
  // A web graph says nothing of pages, so it loses no links.
  const [first, ...others] = parts.map(({ head }) => head).filter(({ source }) => source.form !== 'webgraph');
  const other = others.find((head) => first !== undefined && optionsIn(head) !== optionsIn(first));
  if (first === undefined || other === undefined) return;
  throw new GraphFileError(
    `${folder} holds parts of different options, by which links would count as lost that were left out: ${first.source.file} was imported ${optionsIn(first)}, and ${other.source.file} ${optionsIn(other)}. Import one of them again with the options of the other, or into another folder`,
  );
}

/** The options in words; a list of domains by the start of its checksum. */
function optionsIn({ options: { internal, only } }: PartHead): string {
  return `${internal ? 'with' : 'without'} --internal and ${only === null ? 'without --only' : `with the list ${only.slice(0, 8)} of --only`}`;
}
