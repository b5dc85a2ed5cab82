import type { Job } from '@linkhaul/schemas';
import { createMeter } from './meter.js';
import { printable } from './printable.js';
import { barLine, type Moving, plainLine, shareOf } from './progress-line.js';

/** Where progress is shown. On a terminal one line is redrawn; a log gets a new line now and then. */
export interface Screen {
  readonly isTTY: boolean;
  readonly columns: number;
  write(text: string): void;
}

export interface Progress {
  /** `at`: `performance.now()`, in ms. */
  show(job: Moving, at: number): void;
  /** Writes a remark that stays, above the progress line. */
  note(text: string): void;
  /** Removes the progress line. */
  end(): void;
}

/** A job that has made no progress for this long is shown as waiting. */
const STILL_MS = 3_000;

/** Why the job makes no progress. Null if it does, if the reason is unknown, or if it was returned before. */
function createReasons(): (job: Moving, at: number) => string | null {
  let moved: { readonly pending: number; readonly at: number } | null = null;
  let said: Job['bound_by'] = null;
  return ({ rows: { pending }, bound_by: by, bound_detail: detail }, at) => {
    if (moved === null || moved.pending !== pending) {
      moved = { pending, at };
      said = null;
    }
    if (detail === null || by === said || at - moved.at < STILL_MS) return null;
    said = by;
    return `waits: ${printable(detail)}`;
  };
}

/** Goes to the beginning of the line and clears it. */
const CLEAR = '\r\u001b[2K';

/** Shows the progress of one job. */
export function showProgress(screen: Screen): Progress {
  return screen.isTTY ? drawnLine(screen) : printedLines(screen);
}

function drawnLine(screen: Screen): Progress {
  const meter = createMeter();
  const reasonOf = createReasons();
  let drawn = false;
  const clear = () => {
    if (drawn) screen.write(CLEAR);
    drawn = false;
  };
  const note = (text: string) => {
    clear();
    screen.write(`${text}\n`);
  };
  return {
    show(job, at) {
      const rate = meter(at, job.rows.total - job.rows.pending);
      const reason = reasonOf(job, at);
      if (reason !== null) note(reason);
      screen.write(`${CLEAR}${barLine(job, { rate, columns: screen.columns })}`);
      drawn = true;
    },
    note,
    end: clear,
  };
}

/** In a log: a line at each tenth of the rows, and at least every 30 s. */
const STEP = 0.1;
const QUIET_MS = 30_000;

function printedLines(screen: Screen): Progress {
  const meter = createMeter();
  const reasonOf = createReasons();
  let shown: { readonly status: string; readonly step: number; readonly at: number } | null = null;
  return {
    show(job, at) {
      const rate = meter(at, job.rows.total - job.rows.pending);
      const reason = reasonOf(job, at);
      if (reason !== null) screen.write(`${reason}\n`);
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
