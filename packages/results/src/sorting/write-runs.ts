import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The most that is sorted in memory at once: more would block the event loop. */
const RUN_LINES = 20_000;
const RUN_CHARS = 4 * 2 ** 20;
const LINES_PER_CHUNK = 1000;

interface Where {
  readonly folder: string;
  readonly name: string;
  /** Ends the writing. */
  readonly signal?: AbortSignal;
}

/** Writes lines into several files, each of them sorted, and returns their paths. */
export async function writeRuns(
  unsorted: AsyncIterable<readonly string[]>,
  { folder, name, signal }: Where,
): Promise<string[]> {
  const runs: string[] = [];
  let lines: string[] = [];
  let chars = 0;
  const flush = async () => {
    const path = join(folder, `${name}-${runs.length}`);
    runs.push(path);
    await writeFile(path, chunksOf(lines.sort()));
    lines = [];
    chars = 0;
  };
  for await (const some of unsorted) {
    signal?.throwIfAborted();
    for (const line of some) {
      lines.push(line);
      chars += line.length;
      if (lines.length >= RUN_LINES || chars >= RUN_CHARS) await flush();
    }
  }
  if (lines.length > 0) await flush();
  return runs;
}

function* chunksOf(lines: readonly string[]): Generator<string> {
  for (let at = 0; at < lines.length; at += LINES_PER_CHUNK) {
    yield `${lines.slice(at, at + LINES_PER_CHUNK).join('\n')}\n`;
  }
}
