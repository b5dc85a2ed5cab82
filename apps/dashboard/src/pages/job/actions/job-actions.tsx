import type { Job } from '@linkhaul/schemas';
import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import { client } from '../../../service/session.js';
import { Button, ButtonLink } from '../../../ui/button.js';
import { Confirm } from '../../../ui/confirm.js';
import type { IconName } from '../../../ui/icon.js';
import { say } from '../../../ui/toast.js';
import { addressOfTab, tabOf } from '../job-tabs.js';
import { cancelWords, inFlightWords } from './action-words.js';
import { allowedActions, type JobAction, mayRetry } from './allowed-actions.js';
import { BudgetDialog } from './budget-dialog.js';

interface JobActionsProps {
  readonly job: Job;
  readonly onChange: (job: Job) => void;
}

/** The job's actions. Each asks for confirmation and says what it will do. Rows to retry are chosen among the failures. */
export function JobActions({ job, onChange }: JobActionsProps) {
  const asked = useSignal<JobAction | null>(null);
  const { query } = useLocation();
  const isAtFailures = tabOf(query.tab) === 'failures';
  const close = () => {
    asked.value = null;
  };
  const done = (words: string) => (changed: Job) => {
    onChange(changed);
    say(words);
  };
  return (
    <>
      {mayRetry(job) && !isAtFailures && (
        <ButtonLink href={addressOfTab(job.id, 'failures')} icon="retry">
          Run again
        </ButtonLink>
      )}
      {allowedActions(job).map((action) => (
        <Button
          key={action}
          {...(action !== 'budget' && { icon: ICONS[action] })}
          kind={action === 'remove' ? 'danger' : action === 'resume' ? 'primary' : 'plain'}
          onClick={() => {
            asked.value = action;
          }}
        >
          {nameOf(action, job)}
        </Button>
      ))}
      {(asked.value === 'resume' || asked.value === 'budget') && (
        <BudgetDialog
          job={job}
          onDone={done(asked.value === 'resume' ? 'The job goes on.' : 'The budget is set.')}
          onClose={close}
        />
      )}
      {asked.value === 'pause' && <PauseDialog job={job} onDone={done('The job is paused.')} onClose={close} />}
      {asked.value === 'cancel' && <CancelDialog job={job} onDone={done('The job is cancelled.')} onClose={close} />}
      {asked.value === 'remove' && <RemoveDialog job={job} onClose={close} />}
    </>
  );
}

const ICONS: Readonly<Record<Exclude<JobAction, 'budget'>, IconName>> = {
  resume: 'play',
  pause: 'pause',
  cancel: 'cross',
  remove: 'trash',
};

function nameOf(action: JobAction, job: Job): string {
  if (action === 'resume') return job.reason === 'manual_start' ? 'Start' : 'Resume';
  return { pause: 'Pause', budget: 'Budget', cancel: 'Cancel job', remove: 'Delete' }[action];
}

interface DialogProps {
  readonly job: Job;
  readonly onDone: (job: Job) => void;
  readonly onClose: () => void;
}

function PauseDialog({ job, onDone, onClose }: DialogProps) {
  return (
    <Confirm
      title="Pause this job?"
      action="Pause"
      onConfirm={async () => onDone(await client.value.pause(job.id))}
      onClose={onClose}
    >
      <p>No further call is sent until you resume it. {inFlightWords(job)}</p>
    </Confirm>
  );
}

function CancelDialog({ job, onDone, onClose }: DialogProps) {
  return (
    <Confirm
      title="Cancel this job?"
      action="Cancel job"
      isDanger
      onConfirm={async () => onDone(await client.value.cancel(job.id))}
      onClose={onClose}
    >
      <p>{cancelWords(job)}</p>
    </Confirm>
  );
}

function RemoveDialog({ job, onClose }: Omit<DialogProps, 'onDone'>) {
  const { route } = useLocation();
  const remove = async () => {
    await client.value.remove(job.id);
    route('/');
    say('The job is deleted.');
  };
  return (
    <Confirm title="Delete this job?" action="Delete" isDanger onConfirm={remove} onClose={onClose}>
      <p>
        Its rows, results and ledger are removed for good, and its address is not found any more. What it cost stays in
        the usage.
      </p>
    </Confirm>
  );
}
