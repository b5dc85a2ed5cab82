import type { Job } from '@linkhaul/schemas';
import type { Signal } from '@preact/signals';
import { usd } from '../../../format/numbers.js';
import { fieldErrorsOf } from '../../../service/errors.js';
import { Field } from '../../../ui/field.js';

interface BudgetFieldProps {
  readonly job: Job;
  readonly text: Signal<string>;
  readonly error: Signal<string | null>;
  readonly isRequired: boolean;
}

/** The most that the job may cost from now on, over all its runs. */
export function BudgetField({ job, text, error, isRequired }: BudgetFieldProps) {
  const kept = job.max_cost_usd === null ? 'it has none' : `it stays ${usd(job.max_cost_usd)}`;
  return (
    <Field
      label={labelOf(job, isRequired)}
      hint={`The most that the job may cost in all, counted from its beginning. ${isRequired ? `Estimated for all of it: ${usd(job.cost.estimated_usd)}.` : `Left empty, ${kept}.`}`}
      error={error.value}
      input={(props) => (
        <input
          {...props}
          inputMode="decimal"
          autocomplete="off"
          required={isRequired}
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value;
            error.value = null;
          }}
        />
      )}
    />
  );
}

function labelOf({ max_cost_usd: budget }: Job, isRequired: boolean): string {
  const label = budget === null ? 'Budget, in US dollars' : 'New budget, in US dollars';
  return isRequired ? label : `${label} (optional)`;
}

/** The service's message about the budget; null if its refusal is about something else. */
export function budgetErrorOf(refusal: unknown): string | null {
  return fieldErrorsOf(refusal).get('max_cost_usd') ?? null;
}
