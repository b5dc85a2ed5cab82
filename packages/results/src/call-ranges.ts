/** Calls from the first to the last, both included. */
export type Range = readonly [first: number, last: number];

/**
 * A set of call numbers, kept as ranges: the open calls of a running job lie close together, so that the set stays small
 * however large the job is.
 */
export interface CallRanges {
  readonly ranges: readonly Range[];
  add(call: number): void;
  delete(call: number): void;
}

export function createCallRanges(start: readonly Range[]): CallRanges {
  let ranges = [...start];
  return {
    get ranges() {
      return ranges;
    },
    add(call) {
      const end = ranges.at(-1);
      // The usual case: a call after all others.
      if (end === undefined || call > end[1] + 1) return void ranges.push([call, call]);
      const at = call > end[1] ? ranges.length - 1 : ranges.findIndex(([, last]) => last + 1 >= call);
      const [first, last] = ranges[at] ?? end;
      if (call === last + 1) ranges.splice(at, 2, ...joined([first, call], ranges[at + 1]));
      else if (call + 1 === first) ranges[at] = [call, last];
      else if (call < first) ranges.splice(at, 0, [call, call]);
    },
    delete(call) {
      ranges = ranges.flatMap(([first, last]): Range[] => {
        if (call < first || call > last) return [[first, last]];
        const parts: Range[] = [
          [first, call - 1],
          [call + 1, last],
        ];
        return parts.filter(([from, to]) => from <= to);
      });
    },
  };
}

function joined([first, last]: Range, next: Range | undefined): Range[] {
  if (next === undefined) return [[first, last]];
  return next[0] === last + 1 ? [[first, next[1]]] : [[first, last], next];
}

/**
 * Ranges as text, such as `5.3-2` for the calls 5 and 8 to 10: in base 36, the distance from the end of the range before and, if
 * the range is longer than one call, how many calls follow its first.
 */
export function encodeRanges(ranges: readonly Range[]): string {
  let end = 0;
  return ranges
    .map(([first, last]) => {
      const text = (first - end).toString(36) + (last > first ? `-${(last - first).toString(36)}` : '');
      end = last;
      return text;
    })
    .join('.');
}

const ENCODED = /^(?:[0-9a-z]{1,10}(?:-[0-9a-z]{1,10})?(?:\.|$))*$/;

/** Null if `encodeRanges` did not write the text. */
export function decodeRanges(text: string): Range[] | null {
  if (!ENCODED.test(text) || text.endsWith('.')) return null;
  const ranges: Range[] = [];
  let end = 0;
  for (const part of text === '' ? [] : text.split('.')) {
    const [distance = '', more = '0'] = part.split('-');
    const first = end + Number.parseInt(distance, 36);
    end = first + Number.parseInt(more, 36);
    if (distance === '0' || !Number.isSafeInteger(end)) return null;
    ranges.push([first, end]);
  }
  return ranges;
}
