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

/** What a stored answer has for one target. */
export interface Copy {
  /** When the oldest page of it was fetched, in ms since the epoch. */
  readonly fetchedAt: number;
  readonly simulated: boolean | null;
  /** The JSON of each item, one character of the string for each byte; of a long list, of the items of its first part. */
  readonly items: readonly string[];
  /** The parts of a long list behind the first. They are read again when they are stored, so that one is in memory. */
  readonly further: readonly FurtherPart[];
  readonly totalCount: number | null;
  /** There are more items, which the job does not want. */
  readonly isCut: boolean;
  /** The other fields of the result; null where there is none, or the job does not give it in the vendor's form. */
  readonly head: JsonObject | null;
  /** The job whose answer it is of. */
  readonly source: JobRef;
}

export interface FurtherPart {
  readonly items: number;
  /** The JSON of its items; null if they are not there any more. */
  read(): Promise<readonly string[] | null>;
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
  return { ...outcome, items };
}

/** The outcome of a call that failed: its copied targets have their answer all the same. */
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

/** Puts the copies behind the bytes of an answer, also of a failed call. The calls of a split look for copies themselves. */
export function withItsCopies(answer: NewAnswer, copies: Copies | null): NewAnswer {
  const { kind } = answer.header.outcome;
  if (kind === 'split' || kind === 'deferred' || !hasAny(copies)) return answer;
  const { copied, ...stored } = storedCopies(copies, answer.body.length);
  return { ...answer, ...stored, header: { ...answer.header, copied } };
}

/** What is stored beside the upstream's bytes. */
export function storedCopies(copies: Copies, ownBytes: number): { copied: CopiedTargets; copies: Buffer } {
  return {
    copied: copiedOf(copies, ownBytes),
    copies: encodeCopies(copies.flatMap((copy) => copy?.items ?? [])),
  };
}
