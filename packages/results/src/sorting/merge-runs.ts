import { createReadStream } from 'node:fs';

/** A line of a sorted file: its key, a tab, and the rest. */
export interface Keyed {
  readonly key: string;
  readonly line: string;
}

/** How many bytes of each file are read at once. */
const READ_BYTES = 64 * 1024;

/** Merges sorted files into one sorted sequence. Of lines with the same key, one is kept. */
export interface Merged {
  /** Null at the end. */
  readonly head: Keyed | null;
  /** Returns a promise if the caller has to wait. */
  advance(): Promise<void> | undefined;
  close(): void;
}

export async function mergeRuns(paths: readonly string[]): Promise<Merged> {
  const runs = paths.map(openRun);
  for (const run of runs) await run.advance();
  const heap = runs.filter(({ head }) => head !== null);
  for (let at = heap.length - 1; at >= 0; at--) sink(heap, at);
  let head = heap[0]?.head ?? null;

  const settle = () => {
    if (heap[0]?.head === null) {
      const last = heap.pop();
      if (last !== undefined && heap.length > 0) heap[0] = last;
    }
    sink(heap, 0);
  };
  const advance = (): Promise<void> | undefined => {
    const before = head?.key;
    while (heap[0] !== undefined) {
      const waiting = heap[0].advance();
      if (waiting !== undefined) return waiting.then(settle).then(() => (isNew(before) ? undefined : advance()));
      settle();
      if (isNew(before)) return undefined;
    }
    head = null;
    return undefined;
  };
  const isNew = (before: string | undefined) => {
    head = heap[0]?.head ?? null;
    return head?.key !== before;
  };
  return {
    get head() {
      return head;
    },
    advance,
    close() {
      for (const run of runs) run.close();
    },
  };
}

interface Run {
  readonly head: Keyed | null;
  advance(): Promise<void> | undefined;
  close(): void;
}

function openRun(path: string): Run {
  const stream = createReadStream(path, { encoding: 'utf8', highWaterMark: READ_BYTES });
  const chunks: AsyncIterator<string> = stream[Symbol.asyncIterator]();
  let lines: string[] = [];
  let at = 0;
  let rest = '';
  let head: Keyed | null = null;
  const fill = async () => {
    for (at = 0, lines = []; lines.length === 0; ) {
      const next = await chunks.next();
      if (next.done) {
        head = null;
        return;
      }
      lines = (rest + next.value).split('\n');
      rest = lines.pop() ?? '';
    }
    take();
  };
  const take = () => {
    head = keyed(lines[at++] ?? '');
  };
  return {
    get head() {
      return head;
    },
    advance() {
      if (at >= lines.length) return fill();
      take();
      return undefined;
    },
    close: () => void stream.destroy(),
  };
}

/** Moves a file down the heap to its place. */
function sink(heap: Run[], from: number): void {
  for (let at = from; ; ) {
    let least = at;
    for (const child of [2 * at + 1, 2 * at + 2]) {
      if (child < heap.length && keyOf(heap[child]) < keyOf(heap[least])) least = child;
    }
    const [upper, lower] = [heap[at], heap[least]];
    if (least === at || upper === undefined || lower === undefined) return;
    heap[at] = lower;
    heap[least] = upper;
    at = least;
  }
}

function keyOf(run: Run | undefined): string {
  return run?.head?.key ?? '';
}

function keyed(line: string): Keyed {
  return { key: line.slice(0, line.indexOf('\t')), line };
}
