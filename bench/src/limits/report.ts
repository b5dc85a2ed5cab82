import type { WindowLimit } from './counter.js';

export interface Row {
  readonly name: string;
  readonly latencyMs: number;
  readonly perSecond: number;
  readonly share: number;
  readonly worst: number;
  readonly window: WindowLimit;
  readonly mostInFlight: number;
  readonly inFlight: number;
  readonly refused: number;
  readonly scriptsPerPermit: number | null;
  readonly fairness: number | null;
}

/** Fixed widths, because each row is printed as soon as it is measured. */
const WIDTHS = [44, 8, 8, 8, 20, 10, 7, 8, 9];

export function heading(name: string): string {
  return line([name, 'latency', 'calls/s', 'of most', 'fullest window', 'in flight', 'limits', 'scripts', 'fairness']);
}

export function row(figures: Row): string {
  const { name, latencyMs, perSecond, share, worst, window, mostInFlight, inFlight, refused } = figures;
  return line([
    name,
    `${latencyMs / 1000} s`,
    perSecond.toFixed(1),
    share.toFixed(3),
    `${worst}/${window.most} in ${window.ms / 1000} s`,
    `${mostInFlight}/${inFlight}`,
    String(refused),
    figures.scriptsPerPermit?.toFixed(2) ?? '',
    figures.fairness?.toFixed(3) ?? '',
  ]);
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, column) => (column === 0 ? cell.padEnd(WIDTHS[column] ?? 0) : cell.padStart(WIDTHS[column] ?? 0)))
    .join(' ')
    .trimEnd();
}
