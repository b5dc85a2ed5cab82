import type { HintCode } from '@linkhaul/schemas';
import { type CsvColumns, type CsvTexts, MOST_TO_HEADER } from './csv-columns.js';
import { hidesCommas, type IsTarget } from './looks-separated.js';

/** A row that was probably not meant as it is read. */
export interface OddRow {
  readonly line: number;
  readonly code: HintCode;
}

interface Reading extends CsvColumns {
  readonly separator: string;
  readonly cells: readonly string[];
  readonly firstRow: number;
}

interface Options {
  /** The separators among which the list decided. */
  readonly separators: readonly string[];
  readonly isTarget: IsTarget;
}

/** What is odd about the first records of a list, as they are read. */
export function oddRows(records: readonly CsvTexts[], reading: Reading, { separators, isTarget }: Options): OddRow[] {
  const { separator, cells, firstRow } = reading;
  const cut = separators.length > 1 ? cutRow(records, reading) : undefined;
  const above = targetAbove(records, reading, isTarget);
  return [
    ...(above === undefined ? [] : [{ line: above.line, code: 'above_header' } as const]),
    ...(cut === undefined ? [] : [{ line: cut.line, code: 'cut_at_separator' } as const]),
    ...(separator !== ',' && hidesCommas(cells, isTarget) ? [{ line: firstRow, code: 'commas_alike' } as const] : []),
  ];
}

/** A page that may go on behind the separator, because other records end with their target and no header names columns. */
function cutRow(records: readonly CsvTexts[], { header, target }: CsvColumns): CsvTexts | undefined {
  const first = records.slice(0, MOST_TO_HEADER);
  if (header !== null || first.every(({ texts }) => texts.length > target + 1)) return undefined;
  return first.find(({ texts }) => texts.length > target + 1 && /^https?:/i.test(texts[target]?.trim() ?? ''));
}

function targetAbove(
  records: readonly CsvTexts[],
  { header, target }: CsvColumns,
  isTarget: IsTarget,
): CsvTexts | undefined {
  return records.find(({ line, texts }) => line < (header?.line ?? 0) && isTarget(texts[target] ?? ''));
}
