const LINE_FEED = 0x0a;
const RETURN = 0x0d;
/** CR, LF and CRLF each end a line, and one list may mix them. */
const LINE_END = /\r\n?|\n/g;

/** The number of line ends in a complete text. */
export function countLineEnds(text: string): number {
  return text.match(LINE_END)?.length ?? 0;
}

/**
 * Calls `take` with each whole line, without its end; with an unfinished last line only if no text follows. Returns the number of
 * characters read. A CR at the end is left, since it may be the first half of CRLF.
 */
export function eachLine(text: string, isLast: boolean, take: (line: string) => void): number {
  const ends = findEnds(text);
  let from = 0;
  for (let end = ends.next(0); end !== -1; end = ends.next(from)) {
    const isReturn = text.charCodeAt(end) === RETURN;
    if (isReturn && end === text.length - 1 && !isLast) return from;
    take(text.slice(from, end));
    from = isReturn && text.charCodeAt(end + 1) === LINE_FEED ? end + 2 : end + 1;
  }
  if (!isLast || from === text.length) return from;
  take(text.slice(from));
  return text.length;
}

/** Finds the next CR or LF, or -1. Most lists use only one of the two, so the other is searched for only once. */
function findEnds(text: string) {
  let feed = text.indexOf('\n');
  let back = text.indexOf('\r');
  return {
    next(from: number): number {
      if (feed !== -1 && feed < from) feed = text.indexOf('\n', from);
      if (back !== -1 && back < from) back = text.indexOf('\r', from);
      return feed === -1 || back === -1 ? Math.max(feed, back) : Math.min(feed, back);
    },
  };
}
