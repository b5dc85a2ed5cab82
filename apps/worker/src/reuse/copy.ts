import { encodeCopies } from '@linkhaul/results';
import type { JsonObject } from '@linkhaul/schemas';
import { type AnswerOutcome, type CopiedTargets, EMPTY_TARGET, isCopied, type JobRef } from '@linkhaul/storage';

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
  /** The other fields of the result; null where there is none, or the job does not give it in the vendor's form. */
  readonly head: JsonObject | null;
  /** The job whose answer it is of. */
  readonly source: JobRef;
}

/** By the position of the target in its call; null where it has to be bought. */
export type Copies = readonly (Copy | null)[];

/** The outcome of a bulk answer, with the copied items behind its own. */
export function withCopies(outcome: AnswerOutcome, copies: Copies | null, ownElements: number): AnswerOutcome {
  if (outcome.kind !== 'bulk' || copies === null) return outcome;
  return withCopied(outcome, copiedOf(copies, 0), ownElements);
}

/** The same from the header of an answer that is read again. */
export function withCopied(
  outcome: Extract<AnswerOutcome, { kind: 'bulk' }>,
  copied: CopiedTargets,
  ownElements: number,
): AnswerOutcome {
  let next = ownElements;
  const items = outcome.items.map((item, at) => {
    if (!isCopied(copied, at)) return item;
    return copied.empty.includes(at) ? EMPTY_TARGET : next++;
  });
  return { kind: 'bulk', items };
}

function copiedOf(copies: Copies, ownBytes: number): CopiedTargets {
  const head = copies.find((copy) => copy !== null && copy.head !== null)?.head ?? null;
  return {
    fetchedAt: copies.map((copy) => copy?.fetchedAt ?? null),
    empty: copies.flatMap((copy, at) => (copy?.items.length === 0 ? at : [])),
    ownBytes,
    ...(head !== null && { head }),
  };
}

/** What is stored beside the upstream's bytes. */
export function storedCopies(copies: Copies, ownBytes: number): { copied: CopiedTargets; copies: Buffer } {
  return {
    copied: copiedOf(copies, ownBytes),
    copies: encodeCopies(copies.flatMap((copy) => copy?.items ?? [])),
  };
}
