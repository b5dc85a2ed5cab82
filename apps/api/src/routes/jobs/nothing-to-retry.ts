import { codesOf, type RetryReply } from '@linkhaul/jobs';
import { RETRY_CODES, type Retrial, type RetryCode, ROW_ERROR_CODES } from '@linkhaul/schemas';
import { ApiProblem } from '../../problem.js';

/** The refusal of a retry that matches no row. It names the failed rows that exist, and what to send to retry them. */
export function nothingToRetry(asked: Retrial, { left }: RetryReply): ApiProblem {
  const none = `The job has no ${asked.status.join(' or ')} rows that match: there is nothing to run again.`;
  if (left.size === 0) return new ApiProblem('conflict', none);
  const counts = [...left].map(([code, count]) => `${count} with ${code}`);
  const errors = [...left].map(([code, count]) => ({ code, message: `${rowsOf(count)}: ${ROW_ERROR_CODES[code]}` }));
  return new ApiProblem(
    'conflict',
    `${none} It has ${counts.join(', ')}, which ${wayOf(asked, [...left.keys()])} takes up.`,
    { errors },
  );
}

function rowsOf(count: number): string {
  return `${count} ${count === 1 ? 'row' : 'rows'}`;
}

/** What to send so that some of these rows match. */
function wayOf({ status, codes = RETRY_CODES, buy }: Retrial, left: readonly RetryCode[]): string {
  const takes = (names: readonly RetryCode[]) =>
    codesOf({ statuses: status, codes: names, retryableOnly: false, buy }).some((code) => left.includes(code));
  if (takes(codes)) return '`retryable_only: false`';
  return `\`retryable_only: false\` without ${takes(RETRY_CODES) ? '`codes`' : '`status`'}`;
}
