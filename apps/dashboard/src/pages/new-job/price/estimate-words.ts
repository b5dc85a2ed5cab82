import type { EstimateView } from '@linkhaul/schemas';
import { count, counted, usd } from '../../../format/numbers.js';
import { duration } from '../../../format/times.js';

/** `$0.05`, `$0.05 to $0.12`, or `from $0.05` if nothing limits the cost. */
export function costWords({ low, high }: EstimateView['cost_usd']): string {
  if (high === null) return `from ${usd(low)}`;
  return usd(low) === usd(high) ? usd(low) : `${usd(low)} to ${usd(high)}`;
}

/** Null if no worker is running, because then nobody can tell. */
export function timeWords({ low, high }: EstimateView['duration_ms']): string | null {
  if (low === null) return null;
  if (high === null) return `at least ${duration(low)}`;
  return duration(low) === duration(high) ? duration(low) : `${duration(low)} to ${duration(high)}`;
}

/** `12`, or `12 instead of 20` if sending the list in its own order would take more calls. */
export function callsWords({ planned, in_input_order: inInputOrder }: EstimateView['calls']): string {
  return inInputOrder > planned ? `${count(planned)} instead of ${count(inInputOrder)}` : count(planned);
}

/** What the button will do. */
export function actionWords(estimate: EstimateView | null, isManual: boolean): string {
  if (estimate === null) return isManual ? 'Add the job, paused' : 'Start the job';
  const rows = counted(estimate.rows - estimate.invalid, 'row');
  return isManual ? `Add the job with ${rows}, paused` : `Start the job with ${rows}`;
}
