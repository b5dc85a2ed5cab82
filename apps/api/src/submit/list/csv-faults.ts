import type { ApiProblem } from '../../problem.js';
import type { CsvSample } from './csv-sample.js';
import { hidesColumns, type IsTarget, MOST_JUDGED, SHARE_ALIKE } from './looks-separated.js';

const LINE_END = /\r\n?|\n/;

/** A list as it would be read. */
interface Chosen {
  readonly text: string;
  /** What would be its targets. */
  readonly cells: readonly string[];
  readonly isTarget: IsTarget;
}

/**
 * The fault of the separator that a list has, if a wrong quote keeps the list from being read with it; null if there is none.
 * Without it such a list would be read with another separator, and a page would be made of each whole line.
 */
export function faultInColumns(samples: readonly CsvSample[], { text, cells, isTarget }: Chosen): ApiProblem | null {
  const isHidden = (separator: string) =>
    2 * cells.filter((cell) => hidesColumns(separator, cell, isTarget)).length >= cells.length;
  const broken = samples.filter((sample) => sample.fault !== null && hasColumns(sample, text));
  return broken.find(({ separator }) => isHidden(separator))?.fault ?? null;
}

/** Whether nearly all records before the fault, and lines from there on, hold the separator. */
function hasColumns({ separator, records, to }: CsvSample, text: string): boolean {
  const lines = text
    .slice(to)
    .split(LINE_END, MOST_JUDGED)
    .filter((line) => line.trim() !== '');
  const columns = records.filter(({ texts }) => texts.length > 1).length;
  const alike = columns + lines.filter((line) => line.includes(separator)).length;
  return alike >= SHARE_ALIKE * (records.length + lines.length);
}
