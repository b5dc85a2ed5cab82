export type Compare = (a: number, b: number) => number;

/** This many numbers are sorted by the array's own sort, in a few milliseconds. */
const RUN = 8192;

interface Merge {
  readonly start: number;
  readonly middle: number;
  readonly end: number;
}

/** Sorts numbers in steps of a few milliseconds. Equal numbers keep their order. */
export function* sortSteps(numbers: Uint32Array, compare: Compare): Generator<void, Uint32Array> {
  for (let start = 0; start < numbers.length; start += RUN) {
    numbers.subarray(start, start + RUN).sort(compare);
    yield;
  }
  let [from, to]: [Uint32Array, Uint32Array] = [numbers, new Uint32Array(numbers.length)];
  for (let width = RUN; width < numbers.length; width *= 2) {
    for (let start = 0; start < numbers.length; start += 2 * width) {
      const middle = Math.min(start + width, numbers.length);
      yield* mergeSteps(from, to, { start, middle, end: Math.min(middle + width, numbers.length) }, compare);
    }
    [from, to] = [to, from];
  }
  return from;
}

function* mergeSteps(
  from: Uint32Array,
  to: Uint32Array,
  { start, middle, end }: Merge,
  compare: Compare,
): Generator<void, void> {
  let [left, right] = [start, middle];
  for (let at = start; at < end; at++) {
    const [first = 0, second = 0] = [from[left], from[right]];
    const takesFirst = right === end || (left < middle && compare(first, second) <= 0);
    to[at] = takesFirst ? first : second;
    if (takesFirst) left += 1;
    else right += 1;
    if (at % RUN === 0) yield;
  }
}
