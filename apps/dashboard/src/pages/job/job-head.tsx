import { ENDPOINT_FORMS } from 'virtual:endpoint-forms';
import { isTagged, type Job } from '@linkhaul/schemas';
import { useSignal } from '@preact/signals';
import { age, duration, localTime } from '../../format/times.js';
import { now } from '../../service/clock.js';
import { JobBadge } from '../../ui/badge.js';
import { copied } from '../../ui/copy.js';
import { Icon } from '../../ui/icon.js';
import { JobActions } from './actions/job-actions.js';
import { Downloads } from './results/downloads.js';
import './job-head.css';

interface JobHeadProps {
  readonly job: Job;
  /** Called with the job as it is after an action. */
  readonly onChange: (job: Job) => void;
}

/** The job's name and state, and the actions on it. */
export function JobHead({ job, onChange }: JobHeadProps) {
  return (
    <header class="job-head">
      <div class="job-title">
        <h1>{isTagged(job) ? job.tag : ENDPOINT_FORMS[job.endpoint].title}</h1>
        <JobBadge job={job} />
      </div>
      <div class="job-buttons">
        <JobActions job={job} onChange={onChange} />
        {hasResults(job) && <Downloads job={job} />}
      </div>
      <ul class="job-facts">
        <li>
          <CopyText text={job.id} what="the job's id" />
        </li>
        {isTagged(job) && (
          <>
            <li>{ENDPOINT_FORMS[job.endpoint].title}</li>
            <li>
              <a href={`/tags/${encodeURIComponent(job.tag)}`}>All runs of this tag</a>
            </li>
          </>
        )}
        {job.run > 1 && <li>Run {job.run}</li>}
        <li>
          <time dateTime={job.created_at} title={localTime(job.created_at)}>
            Sent {age(job.created_at, now.value)}
          </time>
        </li>
        <TimeTaken job={job} />
        {job.upstream.simulated === true && <li>Simulated data</li>}
      </ul>
    </header>
  );
}

function hasResults({ rows }: Job): boolean {
  return rows.pending < rows.total;
}

function TimeTaken({ job: { started_at: start, finished_at: end, run } }: { readonly job: Job }) {
  if (start === null || end === null || run > 1) return null;
  return <li>Took {duration(Date.parse(end) - Date.parse(start))}</li>;
}

/** A text that is copied by a click. */
function CopyText({ text, what }: { readonly text: string; readonly what: string }) {
  const isCopied = useSignal(false);
  const copy = async () => {
    isCopied.value = await copied(text);
  };
  return (
    <button
      type="button"
      class="copy-text mono"
      title={`Copy ${what}`}
      onClick={copy}
      onBlur={() => (isCopied.value = false)}
    >
      {text}
      <Icon name={isCopied.value ? 'check' : 'copy'} />
      <span class="unseen" role="status">
        {isCopied.value ? 'Copied' : ''}
      </span>
    </button>
  );
}
