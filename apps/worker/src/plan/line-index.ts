/** Finds the index, from 0, of a line number among line numbers that were added in ascending order. */
export interface LineIndex {
  add(line: number): void;
  /** The index of a line. Throws if the line was not added. */
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
      if (from === count || lines[from] !== line) throw new Error(`a row refers to line ${line}, which has no row`);
      return from;
    },
  };
}
