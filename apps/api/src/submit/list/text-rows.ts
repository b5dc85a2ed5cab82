import type { RowSink } from '../submission.js';
import { createLineReader } from './lines.js';
import { hiddenSeparator, type IsTarget, looksSeparated, MOST_JUDGED } from './looks-separated.js';
import type { ListReader } from './read-list.js';

/** No target begins with `#`, behind white space or a mark that copying left either. */
const COMMENT = /^[\s\u200b\u2060\ufeff]*#/;
const HASH = 0x23;
const LAST_ASCII = 0x7f;

function isComment(text: string): boolean {
  const first = text.charCodeAt(0);
  // Nearly every line begins with a letter or a digit.
  return (first <= HASH || first > LAST_ASCII) && COMMENT.test(text);
}

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
    isComment,
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
