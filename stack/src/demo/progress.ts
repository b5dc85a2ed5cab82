import { formatCount } from './table.js';

/** The output for progress. On a terminal the bars are redrawn; elsewhere a line is printed now and then. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Progress {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  /** What a stalled job waits for; null while it makes progress. */
  readonly waits: string | null;
}

const BAR_WIDTH = 24;
const STEP = 25;
const UP = '\u001b[A';
const CLEAR_LINE = '\u001b[2K';

/** Shows one progress bar per label, in the given order. Returns a function to call with each change. */
export function showProgress(screen: Screen, labels: readonly string[]): (progress: Progress) => void {
  const labelWidth = Math.max(...labels.map((label) => label.length));
  return screen.isTTY === true ? drawnBars(screen, labels, labelWidth) : printedSteps(screen, labelWidth);
}

function drawnBars(screen: Screen, labels: readonly string[], labelWidth: number): (progress: Progress) => void {
  const bars = new Map(labels.map((label) => [label, { label, done: 0, total: 0, waits: null } as Progress]));
  const draw = () => {
    for (const bar of bars.values()) {
      const line = `  ${bar.label.padEnd(labelWidth)}  ${barOf(share(bar))}  ${percent(bar)}  ${bar.waits ?? rowsOf(bar)}`;
      screen.write(`${CLEAR_LINE}${line.slice(0, (screen.columns ?? 80) - 1)}\n`);
    }
  };
  draw();
  return (progress) => {
    bars.set(progress.label, progress);
    screen.write(UP.repeat(bars.size));
    draw();
  };
}

function printedSteps(screen: Screen, labelWidth: number): (progress: Progress) => void {
  const shown = new Map<string, number>();
  const said = new Map<string, string | null>();
  return (progress) => {
    const { label, waits } = progress;
    if (waits !== null && said.get(label) !== waits) screen.write(`  ${label.padEnd(labelWidth)}  waits: ${waits}\n`);
    said.set(label, waits);
    const step = Math.floor((share(progress) * 100) / STEP) * STEP;
    if (step <= (shown.get(progress.label) ?? 0)) return;
    shown.set(progress.label, step);
    screen.write(`  ${progress.label.padEnd(labelWidth)}  ${percent(progress)}  ${rowsOf(progress)}\n`);
  };
}

function share({ done, total }: Progress): number {
  return total === 0 ? 0 : done / total;
}

function percent(progress: Progress): string {
  return `${Math.floor(share(progress) * 100)} %`.padStart(5);
}

function rowsOf({ done, total }: Progress): string {
  return total === 0 ? '' : `${formatCount(done)} of ${formatCount(total)} rows`;
}

function barOf(part: number): string {
  const full = Math.floor(part * BAR_WIDTH);
  return '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full);
}
