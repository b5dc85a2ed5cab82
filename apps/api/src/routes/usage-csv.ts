import type { Nanos } from '@linkhaul/schemas';
import { csvRecord } from '../results/csv.js';
import type { Group, UsageSums } from './usage-sums.js';

const MEASURES = ['calls', 'items', 'spent_usd', 'wasted_usd', 'unconfirmed_usd'];
const LINES_AT_ONCE = 1000;

/** All groups as CSV (RFC 4180): a header, then a line each. */
export async function* csvOf({ groups }: UsageSums, groupBy: readonly string[]): AsyncGenerator<Buffer> {
  yield Buffer.from(lineOf([...groupBy, ...MEASURES]));
  for (let at = 0; at < groups.length; at += LINES_AT_ONCE) {
    const lines = groups.slice(at, at + LINES_AT_ONCE).map((group) => lineOf(cellsOf(group)));
    yield Buffer.from(lines.join(''));
  }
}

function cellsOf({ values, sums }: Group): string[] {
  const { calls, items, spent, wasted, unconfirmed } = sums;
  const money = [spent, wasted, unconfirmed].map(usdText);
  return [...values.map((value) => value ?? ''), String(calls), String(items), ...money];
}

/** To the last digit, and never as 1e-9. */
function usdText(nanos: Nanos): string {
  const digits = String(Math.abs(nanos)).padStart(10, '0');
  const fraction = digits.slice(-9).replace(/0+$/, '');
  return `${nanos < 0 ? '-' : ''}${digits.slice(0, -9)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** A group without a value, and one whose value is empty, are both shown as nothing. */
function lineOf(cells: readonly string[]): string {
  const shown = cells.map((cell) => (cell === '' ? null : cell));
  return csvRecord(shown, { spreadsheet: false });
}
