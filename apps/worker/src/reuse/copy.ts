import { encodeCopies } from '@linkhaul/results';
import { type AnswerOutcome, type CopiedTargets, EMPTY_TARGET } from '@linkhaul/storage';

/** What a stored answer has for one target. */
export interface Copy {
  /** When the oldest page of it was fetched, in ms since the epoch. */
  readonly fetchedAt: number;
  readonly simulated: boolean | null;
  /** The JSON of each item, one character of the string for each byte. */
  readonly items: readonly string[];
  readonly totalCount: number | null;
  /** There are more items, which the job does not want. */
  readonly isCut: boolean;
}

/** By the position of the target in its call; null where it has to be bought. */
export type Copies = readonly (Copy | null)[];

/** The outcome of a bulk answer, with the copied items behind its own. */
export function withCopies(outcome: AnswerOutcome, copies: Copies | null, ownElements: number): AnswerOutcome {
  if (outcome.kind !== 'bulk' || copies === null) return outcome;
  let next = ownElements;
  const items = outcome.items.map((item, at) => {
    const copy = copies[at] ?? null;
    if (copy === null) return item;
    return copy.items.length === 0 ? EMPTY_TARGET : next++;
  });
  return { kind: 'bulk', items };
}

/** What is stored beside the upstream's bytes. */
export function storedCopies(copies: Copies, ownBytes: number): { copied: CopiedTargets; copies: Buffer } {
  return {
    copied: { fetchedAt: copies.map((copy) => copy?.fetchedAt ?? null), ownBytes },
    copies: encodeCopies(copies.flatMap((copy) => copy?.items ?? [])),
  };
}
