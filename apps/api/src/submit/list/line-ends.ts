const LINE_FEED = 0x0a;
const RETURN = 0x0d;
/** CR, LF and CRLF each end a line, in one list side by side. */
const LINE_END = /\r\n?|\n/g;

/** How many line ends stand in a text that nothing is cut off from. */
export function countLineEnds(text: string): number {
  return text.match(LINE_END)?.length ?? 0;
}

/**
 * Calls back with each whole line, without its end; the last one too when nothing follows. How many characters were taken:
 * a CR at the end may be the first half of CRLF, so that it is left.
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

/** The first CR or LF from a place on, -1 where none is. Most lists have one of them alone, which is looked for once. */
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
