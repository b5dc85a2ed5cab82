import { type Nanos, nanosOf, type Row } from '@linkhaul/schemas';
import { shareOf } from '@linkhaul/storage';
import type { DecidingAnswer } from './task-failure.js';

type Paying = Pick<Row, 'line' | 'status' | 'error' | 'call' | 'cost_usd' | 'duplicate_of'>;
type Priced = Pick<DecidingAnswer, 'call'> & {
  readonly answer: { readonly header: Pick<DecidingAnswer['answer']['header'], 'cost' | 'copied'> };
  readonly targets: { readonly length: number };
};

/**
 * What each row of some bulk calls pays, by line. The shares add up to the cost of the calls. If calls were split because
 * targets were refused, the other rows pay what a single call for all of them would have cost, and the refused rows the rest. A
 * row that failed for another reason pays its share of its own call. A row whose answer is a copy at no cost pays nothing.
 */
export function taskShares(rows: readonly Paying[], answers: readonly Priced[]): ReadonlyMap<number, Nanos> {
  const paid = rows.map(({ line, cost_usd }) => [line, nanosOf(cost_usd ?? 0)] as const);
  const buyers = rows
    .filter((row) => row.duplicate_of === null && !(isAnswered(row) && row.cost_usd === 0))
    .toSorted((a, b) => a.line - b.line);
  const refused = buyers.filter(({ error }) => error?.code === 'upstream_rejected');
  const answered = buyers.filter(isAnswered);
  const others = buyers.filter((row) => !refused.includes(row) && !answered.includes(row));
  const calls = new Set(answered.map(({ call }) => call));
  const price = priceOfOne(
    answers.filter(({ call }) => calls.has(call)),
    answered.length,
  );
  if (refused.length === 0 || price === null) return new Map(paid);
  const failed = answers.flatMap(({ call, answer: { header }, targets }) => {
    const ofCall = others.filter((row) => row.call === call);
    return sharesOf(header.cost, ofCall, bought(header, targets));
  });
  const left = sumOf(paid) - sumOf(failed);
  const cost = Math.min(price, left);
  return new Map([...failed, ...sharesOf(cost, answered), ...sharesOf(left - cost, refused)]);
}

function sumOf(shares: readonly (readonly [line: number, share: Nanos])[]): Nanos {
  return shares.reduce((sum, [, share]) => sum + share, 0);
}

function isAnswered({ status }: Pick<Paying, 'status'>): boolean {
  return status === 'ok' || status === 'empty';
}

/** What one call for that many targets would cost, judging by its parts. Null if no part was answered. */
function priceOfOne(answers: readonly Priced[], targets: number): Nanos | null {
  const parts = answers.map(({ answer: { header }, targets }) => ({
    cost: header.cost,
    length: bought(header, targets),
  }));
  const [least, most] = [parts.toSorted((a, b) => a.length - b.length)[0], parts.toSorted(largestFirst)[0]];
  if (least === undefined || most === undefined) return null;
  // If all parts have the same length, their prices do not show what a target costs.
  const more = most.length - least.length;
  const ofTarget = more === 0 ? 0 : (most.cost - least.cost) / more;
  return Math.round(most.cost + ofTarget * (targets - most.length));
}

function bought({ copied }: Priced['answer']['header'], { length }: Priced['targets']): number {
  return copied === undefined ? length : copied.fetchedAt.filter((at) => at === null).length;
}

function largestFirst(a: { length: number }, b: { length: number }): number {
  return b.length - a.length;
}

function sharesOf(cost: Nanos, rows: readonly Paying[], of = rows.length): [number, Nanos][] {
  return rows.map(({ line }, at) => [line, shareOf(cost, { from: at, to: at + 1, of })]);
}
