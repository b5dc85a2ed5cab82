import { createMeter } from './meter.js';
import { barLine, type Moving, plainLine, shareOf } from './progress-line.js';

/** Where progress is shown: a terminal is drawn over, anything else gets a line now and then. */
export interface Screen {
  readonly isTTY: boolean;
  readonly columns: number;
  write(text: string): void;
}

export interface Progress {
  /** `at` in milliseconds, of a clock that only goes forward. */
  show(job: Moving, at: number): void;
  /** A remark that stays, above what is drawn. */
  note(text: string): void;
  /** Leaves the screen to others. */
  end(): void;
}

/** Goes to the line's begin and clears it. */
const CLEAR = '\r\u001b[2K';

/** Shows how one job moves. */
export function showProgress(screen: Screen): Progress {
  return screen.isTTY ? drawnLine(screen) : printedLines(screen);
}

function drawnLine(screen: Screen): Progress {
  const meter = createMeter();
  let drawn = false;
  const clear = () => {
    if (drawn) screen.write(CLEAR);
    drawn = false;
  };
  return {
    show(job, at) {
      const rate = meter(at, job.rows.total - job.rows.pending);
      screen.write(`${CLEAR}${barLine(job, { rate, columns: screen.columns })}`);
      drawn = true;
    },
    note(text) {
      clear();
      screen.write(`${text}\n`);
    },
    end: clear,
  };
}

/** A line at each tenth, and at least so often. */
const STEP = 0.1;
const QUIET_MS = 30_000;

function printedLines(screen: Screen): Progress {
  const meter = createMeter();
  let shown: { readonly status: string; readonly step: number; readonly at: number } | null = null;
  return {
    show(job, at) {
      const rate = meter(at, job.rows.total - job.rows.pending);
      const step = Math.floor(shareOf(job) / STEP);
      const isNews = shown === null || shown.status !== job.status || shown.step !== step;
      if (!isNews && shown !== null && at - shown.at < QUIET_MS) return;
      shown = { status: job.status, step, at };
      screen.write(`${plainLine(job, rate)}\n`);
    },
    note: (text) => screen.write(`${text}\n`),
    end: () => undefined,
  };
}
