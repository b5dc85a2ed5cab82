import { type Ahead, boundAhead, durationMs, type Estimate } from '@linkhaul/jobs';
import { type EstimateView, type Nanos, usdOf } from '@linkhaul/schemas';

/** What is known about a list before it runs. */
export interface Foreseen {
  readonly rows: { readonly valid: number; readonly invalid: number; readonly duplicates: number };
  readonly estimate: Omit<Estimate, 'cheapestCall'>;
  /** The estimate without reuse of stored answers, if some may be reused. */
  readonly whole?: Pick<Estimate, 'low'>;
  readonly cheapestCall: Nanos;
  readonly inInputOrder: { readonly calls: number; readonly cost: Nanos };
  readonly maxCost: Nanos | null;
  /** Null if no worker has reported the account's limits. */
  readonly ahead: Ahead | null;
  /** Null if the balance is unknown, or hidden from this caller. */
  readonly balance: Nanos | null;
}

/** The cost and time of a list as the API shows them. A budget limits both. */
export function forecast(known: Foreseen): Omit<EstimateView, 'input'> {
  const { rows, estimate, whole = estimate, inInputOrder, maxCost, ahead, balance } = known;
  const high = estimate.high === null ? maxCost : within(maxCost, estimate.high);
  const payable = maxCost === null ? null : Math.floor(maxCost / known.cheapestCall);
  const mostCalls = estimate.mostCalls === null ? payable : within(payable, estimate.mostCalls);
  const low = within(payable, estimate.calls);
  const isShort = maxCost !== null && (estimate.high === null || maxCost < estimate.high);
  return {
    rows: rows.valid + rows.invalid,
    invalid: rows.invalid,
    duplicates: rows.duplicates,
    calls: { planned: estimate.calls, in_input_order: inInputOrder.calls },
    cost_usd: { low: usdOf(within(maxCost, estimate.low)), high: high === null ? null : usdOf(high) },
    saved_usd: usdOf(Math.max(0, inInputOrder.cost - whole.low)),
    saved_by_reuse_usd: usdOf(Math.max(0, whole.low - estimate.low)),
    duration_ms: {
      low: ahead && durationMs(low, [], ahead.capacity),
      high: ahead && mostCalls !== null ? durationMs(mostCalls, ahead.others, ahead.capacity) : null,
    },
    bound_by: isShort ? 'budget' : ahead && boundAhead(mostCalls ?? estimate.calls, ahead.capacity),
    balance_usd: balance === null ? null : usdOf(balance),
  };
}

function within(limit: number | null, value: number): number {
  return limit === null ? value : Math.min(limit, value);
}
