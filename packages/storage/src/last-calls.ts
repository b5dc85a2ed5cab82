import type { Nanos } from '@linkhaul/schemas';
import type { AnswerHeader, CopiedTargets } from './answer-header.js';
import type { Answer } from './answers.js';
import { followersOf, middleOf, type PlanShape, possibleFollowers } from './call-numbers.js';
import type { EarlierRuns, PlannedTarget } from './plans.js';

/** The call that decides its rows or, while that call is open, the last settled call before it. */
export interface LastCall {
  readonly call: number;
  /** The last answer about its rows that can be read. */
  readonly answer: Answer | null;
  /** The call that decides the rows, if it is not the call of the answer. */
  readonly open: number;
  readonly targets: readonly PlannedTarget[];
  /** Its share of the cost of the calls that were split before it. Null if nobody knows. */
  readonly costBefore: Nanos | null;
  /** The first call whose answer about its rows is damaged, and what the rows had before it. */
  readonly damage: { readonly call: number; readonly before: EarlierRuns } | null;
  /** Items of a list on its pages that can be read. */
  readonly readable: number;
}

/** What is known of a job's calls. An answer is null if it is damaged. */
export interface CallsToFollow {
  readonly plan: PlanShape;
  readonly settled: {
    isSettled(call: number): boolean;
    isLive(call: number): boolean;
    isContinued(call: number): boolean;
  };
  answerOf(call: number): Promise<Answer | null>;
  /** The cost of a call whose answer is damaged, and of the pages before it. Null if nobody knows. */
  costOfDamaged(call: number): Promise<Nanos | null>;
  targetsOf(call: number): Promise<readonly PlannedTarget[]>;
}

/** Whether its rows have failed because an answer about them is damaged. */
export function failedByDamage({ call, open, answer, damage }: LastCall): boolean {
  return damage !== null && call === open && answer?.header.outcome.kind !== 'failed';
}

/**
 * The calls that exist because of a settled call. If its answer is damaged, or follows a damaged page, only the ledger can
 * tell.
 */
export function existingFollowers(
  { call, answer, isBehindDamage }: { call: number; answer: Answer | null; isBehindDamage: boolean },
  { plan, settled }: Pick<CallsToFollow, 'plan' | 'settled'>,
): number[] {
  if (answer !== null && !isBehindDamage) return followersOf(answer.header, plan);
  const followers = answer === null ? possibleFollowers(call, plan) : followersOf(answer.header, plan);
  const exist = settled.isContinued(call) || followers.some((one) => settled.isSettled(one) || settled.isLive(one));
  return exist ? followers : [];
}

/** A root's rows are decided by its last page, or by the halves into which it was split, each for its own rows. */
export async function lastCalls(root: number, calls: CallsToFollow): Promise<LastCall[]> {
  const last: LastCall[] = [];
  const found: LastCall[] = [await unanswered(root, 0, calls)];
  for (let at = found.pop(); at !== undefined; at = found.pop()) {
    if (!calls.settled.isSettled(at.open)) last.push(at);
    else if (calls.plan.kind === 'list') await followPage(at, { calls, found, last });
    else await followSplit(at, { calls, found, last });
  }
  return last;
}

interface Following {
  readonly calls: CallsToFollow;
  readonly found: LastCall[];
  readonly last: LastCall[];
}

async function followPage(at: LastCall, { calls, found, last }: Following): Promise<void> {
  const answer = await calls.answerOf(at.open);
  const outcome = answer?.header.outcome;
  const seen: LastCall = {
    ...at,
    call: at.open,
    answer: answer ?? at.answer,
    damage: at.damage ?? (answer === null ? damageAt(at) : null),
    readable: at.readable + (outcome?.kind === 'list' ? outcome.items : 0),
  };
  const [next] = existingFollowers({ call: at.open, answer, isBehindDamage: seen.damage !== null }, calls);
  if (next === undefined) last.push(seen);
  else found.push({ ...seen, open: next });
}

function damageAt({ open: call, answer, targets: [target] }: LastCall): LastCall['damage'] {
  const { outcome, call: lastPage = 0 } = answer?.header ?? {};
  if (outcome?.kind === 'list') return { call, before: { ...soFarOf(outcome), lastPage } };
  return { call, before: target?.before ?? { items: 0, cost: 0 } };
}

interface RowSoFar extends Pick<EarlierRuns, 'strays' | 'token'> {
  readonly itemsSoFar: number;
  readonly costSoFar: Nanos;
}

/** What a list's row has up to an answer, for the next page or run to add to. */
export function soFarOf({ itemsSoFar, costSoFar, strays, token }: RowSoFar): EarlierRuns {
  return { items: itemsSoFar, cost: costSoFar, ...(strays && { strays }), ...(token && { token }) };
}

/** The inverse of `soFarOf`, for an answer that gives the row nothing. `ofAnswer`: the cost of that answer. */
export function withoutAnswer({ items, cost, strays, token }: EarlierRuns, ofAnswer: Nanos): RowSoFar {
  return { itemsSoFar: items, costSoFar: cost + ofAnswer, ...(strays && { strays }), ...(token && { token }) };
}

async function followSplit(at: LastCall, { calls, found, last }: Following): Promise<void> {
  const answer = await calls.answerOf(at.open);
  const followers = existingFollowers({ call: at.open, answer, isBehindDamage: false }, calls);
  if (followers.length > 0) {
    const cost = answer === null ? await calls.costOfDamaged(at.open) : answer.header.cost;
    found.push(...(await halves(at, { cost, followers, calls })));
  } else if (answer !== null) last.push({ ...at, call: at.open, answer });
  else last.push({ ...at, call: at.open, targets: await calls.targetsOf(at.open), damage: damageAt(at) });
}

async function unanswered(
  call: number,
  costBefore: LastCall['costBefore'],
  { targetsOf }: CallsToFollow,
): Promise<LastCall> {
  return { call, answer: null, open: call, targets: await targetsOf(call), costBefore, damage: null, readable: 0 };
}

interface Split {
  readonly cost: Nanos | null;
  readonly followers: readonly number[];
  readonly calls: CallsToFollow;
}

/** The halves share the cost of the split call by their number of targets, to the last nano-dollar. */
async function halves(whole: LastCall, { cost: own, followers, calls }: Split): Promise<LastCall[]> {
  const cost = whole.costBefore === null || own === null ? null : whole.costBefore + own;
  const { length } = whole.targets;
  const ends = [0, middleOf(length), length];
  const share = (half: number) => cost && shareOf(cost, { from: ends[half] ?? 0, to: ends[half + 1] ?? 0, of: length });
  return Promise.all(followers.map((call, half) => unanswered(call, share(half), calls)));
}

/** What the rows of an answer have cost up to it: a list with all its pages, a bulk call by itself. */
export function costUpTo({ outcome, cost }: AnswerHeader): Nanos {
  return 'costSoFar' in outcome ? outcome.costSoFar : cost;
}

/** Like `costUpTo`, for a call whose rows failed because an answer is damaged. Null if nobody knows. */
export async function paidForDamaged(
  { call, answer }: LastCall,
  calls: Pick<CallsToFollow, 'costOfDamaged'>,
): Promise<Nanos | null> {
  // If this answer is whole, an earlier page is the damaged one.
  return answer?.header.call === call ? costUpTo(answer.header) : calls.costOfDamaged(call);
}

interface SharedCost {
  readonly cost: Nanos;
  /** The call's share of the cost of the calls that were split before it. */
  readonly before: Nanos;
  readonly targets: readonly PlannedTarget[];
  readonly copied?: CopiedTargets | undefined;
}

/** A target's share of what its call cost, by its position in the call. A copied target shares only the cost of splits. */
export function shareOfTarget({ cost, before, targets, copied }: SharedCost, position: number): Nanos {
  const { at, of } = targets[position]?.place ?? { at: position, of: targets.length };
  const share = (nanos: Nanos) => shareOf(nanos, { from: at, to: at + 1, of });
  if (copied === undefined) return share(before + cost);
  const bought = boughtBefore(copied, of);
  // A call that was given up may have cost something although all its targets were copied in the end. All of them share it.
  if (bought === 0) return share(before + cost);
  if (isCopied(copied, at)) return share(before);
  const from = boughtBefore(copied, at);
  return share(before) + shareOf(cost, { from, to: from + 1, of: bought });
}

export function isCopied(copied: CopiedTargets | undefined, position: number): boolean {
  return (copied?.fetchedAt[position] ?? null) !== null;
}

/** What is copied of some targets of a call. Null if none of them is. */
export function copiedOfPositions(copied: CopiedTargets, positions: readonly number[]): CopiedTargets | null {
  const fetchedAt = positions.map((at) => copied.fetchedAt[at] ?? null);
  if (fetchedAt.every((at) => at === null)) return null;
  const empty = [...positions.keys()].filter((at) => copied.empty.includes(positions[at] ?? -1));
  return { ...copied, fetchedAt, empty };
}

function boughtBefore({ fetchedAt }: CopiedTargets, position: number): number {
  return fetchedAt.slice(0, position).filter((at) => at === null).length;
}

/** The share of some targets in a cost that was paid for all of them, to the last nano-dollar. The shares add up to the cost. */
export function shareOf(cost: Nanos, { from, to, of }: { from: number; to: number; of: number }): Nanos {
  return Math.floor((cost * to) / of) - Math.floor((cost * from) / of);
}
