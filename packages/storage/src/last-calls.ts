import type { Nanos } from '@linkhaul/schemas';
import type { Answer } from './answers.js';
import { followersOf, type PlanShape } from './call-numbers.js';
import type { PlannedTarget } from './plans.js';

/** A call that decides its rows, or has the last answer about them so far. */
export interface LastCall {
  readonly call: number;
  readonly answer: Answer | null;
  /** The call that decides the rows, where the answer does not. */
  readonly open: number;
  readonly targets: readonly PlannedTarget[];
  readonly costBefore: Nanos;
}

interface Ledger {
  readonly plan: PlanShape;
  readonly settled: { isSettled(call: number): boolean };
  answerOf(call: number): Promise<Answer>;
  targetsOf(call: number): Promise<readonly PlannedTarget[]>;
}

/** A root's rows are decided by its last page, or by the halves that it was split into, each for its own rows. */
export async function lastCalls(root: number, ledger: Ledger): Promise<LastCall[]> {
  const last: LastCall[] = [];
  const found: LastCall[] = [await unanswered(root, 0, ledger)];
  for (let at = found.pop(); at !== undefined; at = found.pop()) {
    if (!ledger.settled.isSettled(at.open)) {
      last.push(at);
      continue;
    }
    const answer = await ledger.answerOf(at.open);
    const followers = followersOf(answer.header, ledger.plan);
    if (answer.header.outcome.kind === 'split') found.push(...(await halves(at, { answer, followers, ledger })));
    else if (followers[0] !== undefined) found.push({ ...at, call: at.open, answer, open: followers[0] });
    else last.push({ ...at, call: at.open, answer });
  }
  return last;
}

async function unanswered(call: number, costBefore: Nanos, { targetsOf }: Ledger): Promise<LastCall> {
  return { call, answer: null, open: call, targets: await targetsOf(call), costBefore };
}

interface Split {
  readonly answer: Answer;
  readonly followers: readonly number[];
  readonly ledger: Ledger;
}

/** The halves share what the call cost that was split, by their targets and to the last nano-dollar. */
async function halves(whole: LastCall, { answer, followers, ledger }: Split): Promise<LastCall[]> {
  const cost = whole.costBefore + answer.header.cost;
  const made: LastCall[] = [];
  let from = 0;
  for (const call of followers) {
    const half = await unanswered(call, 0, ledger);
    const to = from + half.targets.length;
    made.push({ ...half, costBefore: shareOf(cost, { from, to, of: whole.targets.length }) });
    from = to;
  }
  return made;
}

/** What some of a call's targets have of its cost, to the last nano-dollar: the shares add up to the cost. */
export function shareOf(cost: Nanos, { from, to, of }: { from: number; to: number; of: number }): Nanos {
  return Math.floor((cost * to) / of) - Math.floor((cost * from) / of);
}
