import type { Job, RowErrorCode } from '@linkhaul/schemas';
import { useSignal } from '@preact/signals';
import { counted as countedWords, usd } from '../../../format/numbers.js';
import { client } from '../../../service/session.js';
import { Button } from '../../../ui/button.js';
import { Confirm } from '../../../ui/confirm.js';
import { say } from '../../../ui/toast.js';
import { readDollars } from '../actions/allowed-actions.js';
import { BudgetField, budgetErrorOf } from '../actions/budget-field.js';
import type { Counted } from './failure-counts.js';
import { planOf, type RetryPlan, retryRefusal } from './retry-plan.js';

interface RetryFormProps {
  readonly job: Job;
  readonly counted: Counted;
  readonly codes: readonly RowErrorCode[];
}

/** Runs the rows with the chosen codes again, within a budget. */
export function RetryForm({ job, counted, codes }: RetryFormProps) {
  const buys = useSignal(false);
  const budget = useSignal('');
  const error = useSignal<string | null>(null);
  const isAsking = useSignal(false);
  const refusal = retryRefusal(job);
  const plan = planOf(counted.counts, codes, job, buys.value);
  const dollars = readDollars(budget.value);
  const ask = (event: Event) => {
    event.preventDefault();
    if (dollars === undefined) error.value = 'Write a number of dollars above 0, such as 12.50.';
    else isAsking.value = plan.rows > 0;
  };
  return (
    <form class="retry-form" onSubmit={ask}>
      <h2>Run rows again</h2>
      {refusal !== null && <p class="quiet">{refusal}</p>}
      {plan.codes.includes('answer_unreadable') && (
        <label class="retry-buy">
          <input
            type="checkbox"
            checked={buys.value}
            onChange={(event) => {
              buys.value = event.currentTarget.checked;
            }}
          />
          Buy again what still cannot be read
        </label>
      )}
      <BudgetField job={job} text={budget} error={error} isRequired={false} />
      <div class="retry-action">
        <Button type="submit" kind="primary" icon="retry" disabled={refusal !== null || plan.rows === 0}>
          {`Run ${rowsOf(plan, counted)} again`}
        </Button>
        <p class="quiet">{priceOf(plan)}</p>
      </div>
      {isAsking.value && (
        <Confirm
          title={`Run ${rowsOf(plan, counted)} again?`}
          action="Run again"
          onConfirm={async () => {
            const { run } = await client.value.retry(job.id, {
              codes: plan.codes,
              // The user chose the codes on purpose, including those that are not retryable.
              retryableOnly: false,
              ...(buys.value && plan.codes.includes('answer_unreadable') && { buy: true }),
              ...(typeof dollars === 'number' && { maxCostUsd: dollars }),
            });
            say(`Run ${run} of this job is under way.`);
          }}
          onClose={() => {
            isAsking.value = false;
          }}
          onRefusal={(refused) => {
            error.value = budgetErrorOf(refused);
            // The budget field is behind the window, so the error is shown both there and in the window.
            return false;
          }}
        >
          <p>
            The job runs once more, in place. Rows that have the code {listOf(plan.codes)} are asked again; everything
            else stays as it is.
          </p>
          <p>{priceOf(plan)}</p>
        </Confirm>
      )}
    </form>
  );
}

function rowsOf({ rows }: RetryPlan, { isWhole }: Counted): string {
  if (rows === 0) return 'rows';
  return isWhole ? countedWords(rows, 'row') : `at least ${countedWords(rows, 'row')}`;
}

function priceOf({ rows, estimatedUsd, goesBy }: RetryPlan): string {
  if (rows === 0) return 'Choose at least one reason.';
  if (estimatedUsd === null) return 'What this costs cannot be estimated: nothing of this job was bought yet.';
  if (estimatedUsd === 0) return 'Costs nothing: kept answers are read again.';
  const source = goesBy === 'rows' ? 'estimated from what rows of this job cost so far' : "by the job's own estimate";
  return `About ${usd(Number(estimatedUsd.toPrecision(2)))}, ${source}.`;
}

function listOf(codes: readonly string[]): string {
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(codes);
}
