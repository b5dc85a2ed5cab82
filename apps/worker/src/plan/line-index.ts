/** Lines that only grow, each with its place among them, from 0. */
export interface LineIndex {
  add(line: number): void;
  /** The place of a line; one that is not there is an error. */
  at(line: number): number;
}

export function createLineIndex(capacity: number): LineIndex {
  const lines = new Int32Array(capacity);
  let count = 0;
  return {
    add(line) {
      lines[count++] = line;
    },
    at(line) {
      let [from, to] = [0, count];
      while (from < to) {
        const middle = (from + to) >> 1;
        if ((lines[middle] ?? 0) < line) from = middle + 1;
        else to = middle;
      }
      if (from === count || lines[from] !== line)
        throw new Error(`no row stands on line ${line}, to which another refers`);
      return from;
    },
  };
}
