import type { HintCode } from '@linkhaul/schemas';
import type { RowSink } from '../submission.js';
import { createLineReader } from './lines.js';
import { hiddenSeparator, hidesCommas, type IsTarget, looksSeparated, MOST_JUDGED } from './looks-separated.js';
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

/** By what a list is judged that may hold columns. */
interface Judge {
  readonly isTarget: IsTarget;
  /** Told of a list that may be a CSV with commas. */
  readonly onHint: (line: number, code: HintCode) => void;
}

/** Reads a target from each line. With a judge, a list that looks like columns is refused. */
export function createTextReader(sink: RowSink, by: Judge | null): ListReader {
  const first: { line: number; text: string }[] = [];
  let isJudged = by === null;

  const judge = () => {
    isJudged = true;
    if (by === null) return;
    const texts = first.map(({ text }) => text);
    const line = first[0]?.line ?? 1;
    const hidden = hiddenSeparator(texts, by.isTarget);
    if (hidden !== null) throw looksSeparated(hidden, line);
    if (hidesCommas(texts, by.isTarget)) by.onHint(line, 'commas_alike');
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
