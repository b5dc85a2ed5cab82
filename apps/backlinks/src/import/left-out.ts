import type { PartHead } from './part.js';

/** How many examples of a reason are kept. */
const EXAMPLES = 3;
const LONGEST = 200;

/** Counts what was left out of a part or mended, by reason, with the first examples. */
export interface LeftOut {
  add(reason: string, at: number, message: string): void;
  list(): PartHead['left_out'];
}

export function createLeftOut(): LeftOut {
  const reasons = new Map<string, PartHead['left_out'][number]>();
  return {
    add: (reason, at, message) => {
      const entry = reasons.get(reason) ?? { reason, count: 0, examples: [] };
      entry.count++;
      if (entry.examples.length < EXAMPLES) entry.examples.push({ at, message: message.slice(0, LONGEST) });
      reasons.set(reason, entry);
    },
    list: () => [...reasons.values()].toSorted((a, b) => b.count - a.count),
  };
}
