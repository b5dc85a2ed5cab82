import { isRetryable, ROW_ERROR_CODES, type RowErrorCode } from '@linkhaul/schemas';
import { count } from '../../../format/numbers.js';
import { RowBadge } from '../../../ui/badge.js';
import type { FailureCount } from './failure-counts.js';
import { canRetry } from './retry-plan.js';

interface FailuresListProps {
  readonly counts: readonly FailureCount[];
  readonly codes: readonly RowErrorCode[];
  readonly onChoose: (code: RowErrorCode, isChosen: boolean) => void;
}

/** One line for each code, with its meaning and a few rows that have it. */
export function FailuresList({ counts, codes, onChoose }: FailuresListProps) {
  return (
    <ul class="failures-list">
      {counts.map((failure) => (
        <li key={failure.code}>
          <div class="failure-choice">
            {canRetry(failure.code) && (
              <input
                type="checkbox"
                aria-label={`Run rows with ${failure.code} again`}
                checked={codes.includes(failure.code)}
                onChange={(event) => onChoose(failure.code, event.currentTarget.checked)}
              />
            )}
          </div>
          <div class="failure-words">
            <p class="failure-meaning">{ROW_ERROR_CODES[failure.code]}</p>
            <p class="failure-facts quiet">
              <RowBadge status={failure.status} />
              <span class="mono">{failure.code}</span>
              <span>{helpOf(failure.code)}</span>
            </p>
            <Examples failure={failure} />
          </div>
          <p class="number failure-count">
            {count(failure.rows)} <span class="quiet">{failure.rows === 1 ? 'row' : 'rows'}</span>
          </p>
        </li>
      ))}
    </ul>
  );
}

function helpOf(code: RowErrorCode): string {
  if (code === 'answer_unreadable') return 'The kept answer can be read again, or bought again';
  if (code === 'answer_damaged') return 'Can be bought again';
  if (!canRetry(code)) return 'Correct the row, and send it in a new list';
  return isRetryable(code) ? 'May succeed when run again' : 'The same row will most likely fail again';
}

function Examples({ failure: { code, rows, examples } }: { readonly failure: FailureCount }) {
  return (
    <details>
      <summary>{rows > examples.length ? `The first ${examples.length} of these rows` : 'These rows'}</summary>
      <ul class="failure-examples">
        {examples.map(({ line, target, message }) => (
          <li key={line}>
            <span class="quiet">Line {count(line)}</span>
            <span class="failure-target">{target}</span>
            {message !== ROW_ERROR_CODES[code] && <span class="failure-message quiet">{message}</span>}
          </li>
        ))}
      </ul>
    </details>
  );
}
