import type { Job } from '@linkhaul/schemas';
import { useSignal } from '@preact/signals';
import { client } from '../../../service/session.js';
import { Confirm } from '../../../ui/confirm.js';
import { resumeWords, spentWords } from './action-words.js';
import { readDollars, suggestedBudget } from './allowed-actions.js';
import { BudgetField, budgetErrorOf } from './budget-field.js';

interface BudgetDialogProps {
  readonly job: Job;
  readonly onDone: (job: Job) => void;
  readonly onClose: () => void;
}

/** Resumes a paused job, with a higher budget if it needs one. For a running job it only sets the budget. */
export function BudgetDialog({ job, onDone, onClose }: BudgetDialogProps) {
  const isPaused = job.status === 'paused';
  const isRequired = !isPaused || job.reason === 'budget';
  const text = useSignal(isRequired && isPaused ? (suggestedBudget(job)?.toFixed(2) ?? '') : '');
  const error = useSignal<string | null>(null);
  const send = async () => {
    const dollars = readDollars(text.value);
    if (dollars === undefined) {
      error.value = 'Write a number of dollars above 0, such as 12.50.';
      throw new RangeError(error.value);
    }
    onDone(await client.value.resume(job.id, dollars === null ? {} : { maxCostUsd: dollars }));
  };
  const onRefusal = (refusal: unknown) => {
    error.value = budgetErrorOf(refusal) ?? error.value;
    return error.value !== null;
  };
  const words = isPaused ? resumeWords(job) : `So far ${spentWords(job)}. The job stops when the budget is used up.`;
  return (
    <Confirm
      title={titleOf(job)}
      action={isPaused ? (job.reason === 'manual_start' ? 'Start' : 'Resume') : 'Set the budget'}
      onConfirm={send}
      onClose={onClose}
      onRefusal={onRefusal}
    >
      <p>{words}</p>
      <BudgetField job={job} text={text} error={error} isRequired={isRequired} />
    </Confirm>
  );
}

function titleOf({ status, reason }: Job): string {
  if (status !== 'paused') return 'Set a budget';
  if (reason === 'manual_start') return 'Start this job?';
  return reason === 'budget' ? 'Resume with a higher budget' : 'Resume this job?';
}
