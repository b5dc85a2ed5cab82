import { type Job, ROW_STATUSES, type RowStatus } from '@linkhaul/schemas';
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { counted, shortCount } from '../../../format/numbers.js';
import { OUTCOME_WORDS } from '../../../format/words.js';
import { Button } from '../../../ui/button.js';
import { Dialog } from '../../../ui/dialog.js';
import { DownloadButton } from './download-button.js';
import { type DownloadChoice, type FileForm, FORM_WORDS, FORMS, type Listing } from './download-choice.js';
import { DownloadCommands } from './download-commands-block.js';
import './downloads.css';

const LISTING_WORDS: Readonly<Record<Listing, string>> = {
  results: 'Results: a line for each item, with its data',
  rows: 'Rows: a line for each row of the list, with outcome and cost',
};

/** A job's results as a file, downloaded here or by a command to copy. */
export function Downloads({ job }: { readonly job: Job }) {
  const isOpen = useSignal(false);
  const kind = job.finished_at === null ? 'plain' : 'primary';
  return (
    <>
      <Button icon="download" kind={kind} onClick={() => setTo(isOpen, true)}>
        Download
      </Button>
      {isOpen.value && (
        <Dialog title="Download" place="side" onClose={() => setTo(isOpen, false)}>
          <DownloadForm job={job} />
        </Dialog>
      )}
    </>
  );
}

function DownloadForm({ job }: { readonly job: Job }) {
  const listing = useSignal<Listing>('results');
  const form = useSignal<FileForm>('spreadsheet');
  const statuses = useSignal<readonly RowStatus[]>([]);
  const choice: DownloadChoice = {
    jobId: job.id,
    listing: listing.value,
    form: FORMS[listing.value].includes(form.value) ? form.value : 'csv',
    statuses: statuses.value,
  };
  return (
    <div class="downloads">
      <div class="download-form">
        <fieldset>
          <legend>What</legend>
          {(['results', 'rows'] as const).map((name) => (
            <Radio key={name} name="listing" isChosen={choice.listing === name} onChoose={() => setTo(listing, name)}>
              {LISTING_WORDS[name]}
            </Radio>
          ))}
        </fieldset>
        <fieldset>
          <legend>Form</legend>
          {FORMS[choice.listing].map((name) => (
            <Radio key={name} name="form" isChosen={choice.form === name} onChoose={() => setTo(form, name)}>
              {FORM_WORDS[name].title} <span class="quiet">{FORM_WORDS[name].use}</span>
            </Radio>
          ))}
        </fieldset>
        <OutcomesChoice job={job} statuses={statuses} />
        <DownloadButton choice={choice} />
        {job.finished_at === null && (
          <p class="quiet">{`The job is not finished: the file holds what ${counted(decided(job), 'row')} gave so far.`}</p>
        )}
        {choice.form === 'spreadsheet' && job.items > MOST_LINES_OF_A_SHEET && (
          <p class="quiet">
            A spreadsheet takes at most {shortCount(MOST_LINES_OF_A_SHEET)} lines; this file has more.
          </p>
        )}
      </div>
      <DownloadCommands choice={choice} />
    </div>
  );
}

const MOST_LINES_OF_A_SHEET = 1_048_576;

function decided({ rows }: Job): number {
  return rows.total - rows.pending;
}

interface OutcomesChoiceProps {
  readonly job: Job;
  readonly statuses: { value: readonly RowStatus[] };
}

/** If none is chosen, all outcomes are included. */
function OutcomesChoice({ job, statuses }: OutcomesChoiceProps) {
  return (
    <fieldset class="download-outcomes">
      <legend>Outcomes</legend>
      <p class="quiet">All, unless some are chosen.</p>
      {ROW_STATUSES.filter((status) => status !== 'pending').map((status) => (
        <label key={status}>
          <input
            type="checkbox"
            checked={statuses.value.includes(status)}
            onChange={(event) => {
              statuses.value = ROW_STATUSES.filter((other) =>
                other === status ? event.currentTarget.checked : statuses.value.includes(other),
              );
            }}
          />
          {OUTCOME_WORDS[status]} <span class="quiet">{shortCount(job.rows[status])}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface RadioProps {
  readonly name: string;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
  readonly children: ComponentChildren;
}

function Radio({ name, isChosen, onChoose, children }: RadioProps) {
  return (
    <label>
      <input type="radio" name={name} checked={isChosen} onChange={onChoose} />
      <span>{children}</span>
    </label>
  );
}

function setTo<T>(signal: { value: T }, value: T): void {
  signal.value = value;
}
