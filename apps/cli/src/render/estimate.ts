import type { EstimateView } from '@linkhaul/schemas';
import { formatCount, formatDuration, formatUsd } from './figures.js';
import { inputLines } from './input.js';
import { MISREAD, mostlyInvalid } from './job.js';

/** The lines that `estimate` prints. */
export function estimateSummary(estimate: EstimateView): string {
  const { rows, invalid, duplicates, bound_by, balance_usd, input } = estimate;
  const [form, ...odd] = input === undefined ? [] : inputLines(input);
  return [
    ...(form === undefined ? [] : [`list      ${form}`, ...odd]),
    `rows      ${formatCount(rows)}: ${formatCount(invalid)} invalid, ${formatCount(duplicates)} duplicates`,
    ...(mostlyInvalid({ total: rows, invalid }) ? [`note      ${MISREAD}`] : []),
    `calls     ${callsOf(estimate)}`,
    `cost      ${costOf(estimate)}${savingsOf(estimate)}`,
    `duration  ${durationOf(estimate)}${bound_by === null ? '' : `, bound by ${bound_by}`}`,
    ...(balance_usd === null ? [] : [`balance   ${formatUsd(balance_usd)}`]),
    ...probeLine(estimate),
  ].join('\n');
}

/** `12 (20 if sent in the list's order)`: packing needs fewer calls. */
function callsOf({ calls: { planned, in_input_order: inOrder } }: EstimateView): string {
  return `${formatCount(planned)}${inOrder > planned ? ` (${formatCount(inOrder)} if sent in the list's order)` : ''}`;
}

function costOf({ cost_usd: { low, high } }: EstimateView): string {
  if (high === null) return `${formatUsd(low)} or more: nothing limits the lists`;
  return low === high ? formatUsd(low) : `${formatUsd(low)} to ${formatUsd(high)}`;
}

function savingsOf({ saved_usd: packing, saved_by_reuse_usd: reuse }: EstimateView): string {
  const saved = packing > 0 ? `, saves ${formatUsd(packing)}` : '';
  return reuse > 0 ? `${saved}, stored answers save ${formatUsd(reuse)}` : saved;
}

function durationOf({ duration_ms: { low, high } }: EstimateView): string {
  if (low === null) return 'not known: no worker is running';
  if (high === null) return `${formatDuration(low)} or more`;
  return low === high ? formatDuration(low) : `${formatDuration(low)} to ${formatDuration(high)}`;
}

function probeLine({ probe }: EstimateView): string[] {
  if (probe === undefined) return [];
  return [`probe     ${probe.job}: ${formatCount(probe.rows)} lists' sizes learnt for ${formatUsd(probe.spent_usd)}`];
}
