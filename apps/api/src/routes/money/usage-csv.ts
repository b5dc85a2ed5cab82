import { type Cell, usdOf } from '@linkhaul/schemas';
import { csvHeader, csvRecord } from '../../results/csv.js';
import type { UsageQuery } from './usage-query.js';
import type { Group, UsageSums } from './usage-sums.js';

const MEASURES = ['calls', 'items', 'spent_usd', 'wasted_usd', 'unconfirmed_usd'];
const LINES_AT_ONCE = 1000;

/** All groups as CSV: a header, then one line per group. */
export async function* csvOf(
  { groups }: UsageSums,
  { groupBy, csv }: Pick<UsageQuery, 'groupBy' | 'csv'>,
): AsyncGenerator<Buffer> {
  yield Buffer.from(csvHeader([...groupBy, ...MEASURES], csv));
  for (let at = 0; at < groups.length; at += LINES_AT_ONCE) {
    const lines = groups.slice(at, at + LINES_AT_ONCE).map((group) => csvRecord(cellsOf(group), csv));
    yield Buffer.from(lines.join(''));
  }
}

/** A missing value and an empty one both become an empty cell. */
function cellsOf({ values, sums }: Group): Cell[] {
  const { calls, items, spent, wasted, unconfirmed } = sums;
  return [...values.map((value) => value || null), calls, items, ...[spent, wasted, unconfirmed].map(usdOf)];
}
