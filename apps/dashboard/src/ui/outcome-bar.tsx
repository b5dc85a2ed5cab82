import type { Job } from '@linkhaul/schemas';
import { count } from '../format/numbers.js';
import { OUTCOME_WORDS, ROW_OUTCOMES } from '../format/words.js';
import './outcome-bar.css';

type Rows = Job['rows'];

/** A job's rows by outcome, as one stacked bar. Pending rows are its background. */
export function OutcomeBar({ rows }: { readonly rows: Rows }) {
  const parts = ROW_OUTCOMES.filter((outcome) => rows[outcome] > 0);
  const words = [...parts, ...(rows.pending > 0 ? (['pending'] as const) : [])]
    .map((outcome) => `${count(rows[outcome])} ${OUTCOME_WORDS[outcome].toLowerCase()}`)
    .join(', ');
  return (
    <div class="outcome-bar" role="img" aria-label={words === '' ? 'no rows' : words} title={words}>
      {parts.map((outcome) => (
        <span key={outcome} class={outcome} style={{ flexGrow: rows[outcome] }} />
      ))}
      <span class="rest" style={{ flexGrow: rows.pending }} />
    </div>
  );
}
