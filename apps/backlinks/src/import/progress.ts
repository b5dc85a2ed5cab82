import type { Step } from './make-part.js';
import type { SourceFile } from './sources/find-sources.js';

/** Where progress goes: a line that is written over on a terminal, and a line from time to time elsewhere. */
export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface Progress {
  step(path: string, step: Step): void;
  done(path: string, size: number): void;
  end(): void;
}

const REDRAW_MS = 200;
const LINE_MS = 10_000;
const BAR = 18;
const CLEAR = '\r\u001B[2K';

/** Shows how much of all files was read, how fast, and how long the rest takes. */
export function createProgress(files: readonly SourceFile[], screen: Screen): Progress {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const reading = new Map<string, Step>();
  const sum = { bytes: 0, html: 0, links: 0, files: 0 };
  const started = performance.now();
  const isTerminal = screen.isTTY === true;
  const draw = () => {
    const now = { ...sum };
    for (const { place, html, links } of reading.values()) {
      now.bytes += place;
      now.html += html;
      now.links += links;
    }
    const line = progressLine({ ...now, total, count: files.length, seconds: (performance.now() - started) / 1000 });
    screen.write(isTerminal ? `${CLEAR}${line.slice(0, (screen.columns ?? 120) - 1)}` : `${line}\n`);
  };
  const timer = setInterval(draw, isTerminal ? REDRAW_MS : LINE_MS);
  return {
    step: (path, step) => reading.set(path, step),
    done: (path, size) => {
      const step = reading.get(path);
      reading.delete(path);
      sum.bytes += size;
      sum.html += step?.html ?? 0;
      sum.links += step?.links ?? 0;
      sum.files++;
    },
    end: () => {
      clearInterval(timer);
      if (isTerminal) screen.write(CLEAR);
    },
  };
}

interface Now {
  readonly bytes: number;
  readonly total: number;
  readonly html: number;
  readonly links: number;
  readonly files: number;
  readonly count: number;
  readonly seconds: number;
}

const MB = 1_000_000;

/** `███████████░░░░░░░ 62 %, 4 s left, HTML at 21.4 MB/s, 118 MB of 190 MB, 5 of 8 files, 31,200 links`: on a narrow terminal, the end is cut off. */
function progressLine({ bytes, total, html, links, files, count, seconds }: Now): string {
  const share = total === 0 ? 1 : Math.min(1, bytes / total);
  const full = Math.floor(share * BAR);
  const rate = (sum: number) => `${(sum / MB / Math.max(seconds, 0.001)).toFixed(1)} MB/s`;
  return [
    `${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${Math.floor(share * 100)} %`,
    ...(share > 0 && share < 1 ? [`${duration((seconds / share) * (1 - share))} left`] : []),
    html === 0 ? rate(bytes) : `HTML at ${rate(html)}`,
    `${size(bytes)} of ${size(total)}`,
    `${files} of ${count} files`,
    `${links.toLocaleString('en')} links`,
  ].join(', ');
}

function size(bytes: number): string {
  if (bytes >= 1000 * MB) return `${(bytes / MB / 1000).toFixed(1)} GB`;
  return bytes >= MB ? `${Math.round(bytes / MB)} MB` : `${Math.ceil(bytes / 1000)} kB`;
}

export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
