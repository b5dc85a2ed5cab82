import type { Job } from '@linkhaul/schemas';
import { type Signal, useSignal } from '@preact/signals';
import { counted } from '../../../format/numbers.js';
import { client } from '../../../service/session.js';
import { Confirm } from '../../../ui/confirm.js';
import { addressOfTab } from '../job-tabs.js';
import { spentWords } from './action-words.js';
import { readDollars } from './allowed-actions.js';
import { BudgetField, budgetErrorOf } from './budget-field.js';

interface RetryDialogProps {
  readonly job: Job;
  readonly onDone: (job: Job) => void;
  readonly onClose: () => void;
}

type Outcome = 'failed' | 'skipped';

/** Runs failed and skipped rows again. The tab of failures chooses finer, by code. */
export function RetryDialog({ job, onDone, onClose }: RetryDialogProps) {
  const chosen = useSignal<readonly Outcome[]>(OUTCOMES.filter((outcome) => job.rows[outcome] > 0));
  const budget = useSignal('');
  const error = useSignal<string | null>(null);
  const send = async () => {
    const dollars = readDollars(budget.value);
    if (dollars === undefined) {
      error.value = 'Write a number of dollars above 0, such as 12.50.';
      throw new RangeError(error.value);
    }
    const options = { status: chosen.value, ...(dollars !== null && { maxCostUsd: dollars }) };
    onDone(await client.value.retry(job.id, options));
  };
  const onRefusal = (refusal: unknown) => {
    error.value = budgetErrorOf(refusal) ?? error.value;
    return error.value !== null;
  };
  return (
    <Confirm
      title="Run rows again"
      action={`Run again as run ${job.run + 1}`}
      onConfirm={send}
      onClose={onClose}
      onRefusal={onRefusal}
    >
      <p>
        Rows whose error would come again stay as they are, and so do the rows that have an answer. So far{' '}
        {spentWords(job)}; what is bought again is paid for again.
      </p>
      <Outcomes job={job} chosen={chosen} />
      {job.max_cost_usd !== null && <BudgetField job={job} text={budget} error={error} isRequired={false} />}
      <p class="quiet">
        To choose by error, see <a href={addressOfTab(job.id, 'failures')}>Failures</a>.
      </p>
    </Confirm>
  );
}

const OUTCOMES: readonly Outcome[] = ['failed', 'skipped'];

function Outcomes({ job, chosen }: { readonly job: Job; readonly chosen: Signal<readonly Outcome[]> }) {
  const turn = (outcome: Outcome, isChosen: boolean) => {
    chosen.value = OUTCOMES.filter((other) => (other === outcome ? isChosen : chosen.value.includes(other)));
  };
  return (
    <fieldset class="retry-choice">
      <legend class="unseen">Which rows</legend>
      {OUTCOMES.filter((outcome) => job.rows[outcome] > 0).map((outcome) => (
        <label key={outcome}>
          <input
            type="checkbox"
            checked={chosen.value.includes(outcome)}
            onChange={(event) => turn(outcome, event.currentTarget.checked)}
          />
          {counted(job.rows[outcome], `${outcome} row`)}
        </label>
      ))}
    </fieldset>
  );
}
