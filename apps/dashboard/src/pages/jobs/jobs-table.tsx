import { ENDPOINT_FORMS } from 'virtual:endpoint-forms';
import { groupJobs, isTagged, type Job, type JobGroup, nanosOf, rowsOfGroup, usdOf } from '@linkhaul/schemas';
import { count, usd } from '../../format/numbers.js';
import { age, duration, localTime } from '../../format/times.js';
import { BINDING_WORDS, failureWords, pauseWords } from '../../format/words.js';
import { now } from '../../service/clock.js';
import { JobBadge } from '../../ui/badge.js';
import { OutcomeBar } from '../../ui/outcome-bar.js';
import { tagAddress } from '../tags/tag-address.js';
import './jobs-table.css';

export function JobsTable({ jobs }: { readonly jobs: readonly Job[] }) {
  return (
    <table class="jobs-table">
      <thead>
        <tr>
          <th scope="col">Job</th>
          <th scope="col">Status</th>
          <th scope="col">Rows</th>
          <th scope="col" class="number">
            Cost
          </th>
          <th scope="col" class="number">
            Time left
          </th>
          <th scope="col" class="number">
            Sent
          </th>
        </tr>
      </thead>
      <tbody>
        {groupJobs(jobs).map((group) => {
          const [job, ...others] = group;
          return others.length === 0 ? <JobRow key={job.id} job={job} /> : <GroupRow key={job.id} group={group} />;
        })}
      </tbody>
    </table>
  );
}

function JobRow({ job }: { readonly job: Job }) {
  const { rows, cost } = job;
  return (
    <tr>
      <td class="job-name">
        <a href={`/jobs/${job.id}`}>{isTagged(job) ? job.tag : job.id}</a>
        <span class="quiet">{ENDPOINT_FORMS[job.endpoint].title}</span>
      </td>
      <td class="job-status">
        <JobBadge job={job} />
        <Why job={job} />
      </td>
      <td class="job-rows">
        <OutcomeBar rows={rows} />
        <span class="quiet">
          {rows.pending > 0 ? `${count(rows.total - rows.pending)} of ${count(rows.total)}` : count(rows.total)}
        </span>
      </td>
      <td class="number job-cost">
        {usd(cost.spent_usd)}
        <span class="quiet">{job.max_cost_usd === null ? '' : `of ${usd(job.max_cost_usd)}`}</span>
      </td>
      <td class="number job-eta">{job.eta_ms === null ? <span class="quiet">–</span> : duration(job.eta_ms)}</td>
      <td class="number job-age">
        <time dateTime={job.created_at} title={localTime(job.created_at)}>
          {age(job.created_at, now.value)}
        </time>
      </td>
    </tr>
  );
}

/** Live tasks of one tag. The state shown is that of the newest. */
function GroupRow({ group }: { readonly group: JobGroup }) {
  const [newest] = group;
  const rows = rowsOfGroup(group);
  const spent = group.reduce((sum, { cost }) => sum + nanosOf(cost.spent_usd), 0);
  return (
    <tr>
      <td class="job-name">
        <a href={tagAddress(newest.tag)}>{newest.tag}</a>
        <span class="quiet">
          {ENDPOINT_FORMS[newest.endpoint].title}: {count(group.length)} live tasks
        </span>
      </td>
      <td class="job-status">
        <JobBadge job={newest} />
        <Why job={newest} />
      </td>
      <td class="job-rows">
        <OutcomeBar rows={rows} />
        <span class="quiet">{count(rows.total)}</span>
      </td>
      <td class="number job-cost">{usd(usdOf(spent))}</td>
      <td class="number job-eta">
        <span class="quiet">–</span>
      </td>
      <td class="number job-age">
        <time dateTime={newest.created_at} title={localTime(newest.created_at)}>
          {age(newest.created_at, now.value)}
        </time>
      </td>
    </tr>
  );
}

/** Why the job makes no progress, or why it is not faster. */
function Why({ job }: { readonly job: Job }) {
  const words = whyOf(job);
  return words === null ? null : (
    <span class="quiet clip" title={job.bound_detail ?? words}>
      {words}
    </span>
  );
}

function whyOf({ status, reason, bound_by }: Job): string | null {
  if (status === 'paused' && reason !== null) return pauseWords(reason);
  if (status === 'failed') return reason === null ? null : failureWords(reason);
  return bound_by === null ? null : BINDING_WORDS[bound_by];
}
