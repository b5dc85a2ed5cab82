import type { UsagePage } from '@linkhaul/schemas';
import { formatCount, formatUsd } from './figures.js';
import { formatTable } from './table.js';

const COUNTS = ['calls', 'items'] as const;
const SUMS = ['spent_usd', 'wasted_usd', 'unconfirmed_usd'] as const;
const MEASURES: readonly string[] = [...COUNTS, ...SUMS];

/** A line for each group, then the total of all pages. */
export function usageTable({ usage, total }: UsagePage): string {
  const groups = Object.keys(usage[0] ?? {}).filter((name) => !MEASURES.includes(name));
  const figures = (line: UsagePage['total']) => [
    ...COUNTS.map((name) => formatCount(line[name])),
    ...SUMS.map((name) => formatUsd(line[name])),
  ];
  const header = [...groups, 'calls', 'items', 'spent', 'wasted', 'unconfirmed'];
  const lines = usage.map((line) => [...groups.map((name) => String(line[name] ?? '-')), ...figures(line)]);
  const sum = [...groups.map((_, index) => (index === 0 ? 'total' : '')), ...figures(total)];
  return formatTable(header, [...lines, ...(groups.length === 0 ? [figures(total)] : [sum])]);
}
