import { encodeCopies } from '@linkhaul/results';
import type { JsonObject } from '@linkhaul/schemas';
import {
  type AnswerOutcome,
  type CopiedTargets,
  EMPTY_TARGET,
  isCopied,
  type JobRef,
  MISSING_TARGET,
  type NewAnswer,
} from '@linkhaul/storage';

/** The data of one target in a stored answer. */
export interface Copy {
  /** When its oldest page was fetched, in ms since the epoch. */
  readonly fetchedAt: number;
  readonly simulated: boolean | null;
  /** The JSON of each item, one character of the string for each byte. Of a long list, only the items of the first part. */
  readonly items: readonly string[];
  /** The other parts of a long list. They are read again when they are stored, so that only one part is in memory. */
  readonly further: readonly FurtherPart[];
  readonly totalCount: number | null;
  /** True if there are more items than the job wants. */
  readonly isCut: boolean;
  /** The other fields of the result. Null if there are none, or if the job does not answer in the vendor's form. */
  readonly head: JsonObject | null;
  /** The job that the answer belongs to. */
  readonly source: JobRef;
}

export interface FurtherPart {
  readonly items: number;
  /** The JSON of the part's items; null if the stored answer is gone. */
  read(): Promise<readonly string[] | null>;
}

/** By the target's position in its call; null if the target must be bought. */
export type Copies = readonly (Copy | null)[];

/** The outcome of a bulk answer. Copied items come after the answer's own. */
export function withCopies(outcome: AnswerOutcome, copies: Copies | null, ownElements: number): AnswerOutcome {
  if (outcome.kind !== 'bulk' || copies === null) return outcome;
  return withCopied(outcome, copiedOf(copies, 0), ownElements);
}

/** The same for an answer that is read again: the copied targets are in its header. */
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
  return { ...outcome, items };
}

/** The outcome of a call that failed. Its copied targets still have their answer. */
export function failedOutcome(
  failed: Extract<AnswerOutcome, { kind: 'failed' }>,
  copies: Copies | null,
): AnswerOutcome {
  if (!hasAny(copies)) return failed;
  const { code, message, parameter } = failed;
  const failure = { code, message, ...(parameter && { parameter }) };
  return withCopies({ kind: 'bulk', items: copies.map(() => MISSING_TARGET), failure }, copies, 0);
}

function hasAny(copies: Copies | null): copies is Copies {
  return copies?.some((copy) => copy !== null) ?? false;
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

/** Appends the copies to an answer's bytes, even if the call failed. After a split, its calls look for copies themselves. */
export function withItsCopies(answer: NewAnswer, copies: Copies | null): NewAnswer {
  const { kind } = answer.header.outcome;
  if (kind === 'split' || kind === 'deferred' || !hasAny(copies)) return answer;
  const { copied, ...stored } = storedCopies(copies, answer.body.length);
  return { ...answer, ...stored, header: { ...answer.header, copied } };
}

/** What is stored for copies, in addition to the upstream's bytes. */
export function storedCopies(copies: Copies, ownBytes: number): { copied: CopiedTargets; copies: Buffer } {
  return {
    copied: copiedOf(copies, ownBytes),
    copies: encodeCopies(copies.flatMap((copy) => copy?.items ?? [])),
  };
}
