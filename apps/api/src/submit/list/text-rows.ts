import type { RowSink } from '../submission.js';
import { createLineReader } from './lines.js';
import { hiddenSeparator, type IsTarget, looksSeparated, MOST_JUDGED } from './looks-separated.js';
import type { ListReader } from './read-list.js';

/** Reads a target from each line. With `isTarget`, a list that looks like columns is refused. */
export function createTextReader(sink: RowSink, isTarget: IsTarget | null): ListReader {
  const first: { line: number; text: string }[] = [];
  let isJudged = isTarget === null;

  const judge = () => {
    const texts = first.map(({ text }) => text);
    const hidden = isTarget && hiddenSeparator(texts, isTarget);
    if (hidden) throw looksSeparated(hidden, first[0]?.line ?? 1);
    isJudged = true;
  };
  const reader = createLineReader({
    isComment: (text) => text.startsWith('#'),
    take(line, text) {
      sink.text({ line, input: text, id: null });
      if (isJudged) return;
      first.push({ line, text });
      if (first.length === MOST_JUDGED) judge();
    },
  });
  return {
    ...reader,
    get line() {
      return reader.line;
    },
    read(text, isLast) {
      const taken = reader.read(text, isLast);
      if (isLast && !isJudged) judge();
      return taken;
    },
  };
}
