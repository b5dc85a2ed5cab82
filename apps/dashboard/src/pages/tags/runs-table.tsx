import type { Job } from '@linkhaul/schemas';
import { count, counted, usd } from '../../format/numbers.js';
import { duration, localTime } from '../../format/times.js';
import { OUTCOME_WORDS, ROW_OUTCOMES } from '../../format/words.js';
import { now } from '../../service/clock.js';
import { JobBadge } from '../../ui/badge.js';
import { Listing } from '../../ui/listing.js';
import { OutcomeBar } from '../../ui/outcome-bar.js';
import { Panel } from '../../ui/panel.js';
import { runTime } from './run-points.js';

const COLUMNS = [
  { words: 'Sent' },
  { words: 'Status' },
  { words: 'Rows' },
  { words: 'Items', isNumber: true, isWide: true },
  { words: 'Cost', isNumber: true },
  { words: 'Duration', isNumber: true, isWide: true },
];

export function RunsTable({ jobs }: { readonly jobs: readonly Job[] }) {
  return (
    <Panel title="Runs" note={`${counted(jobs.length, 'job')} with this tag, newest first`}>
      <Listing label="Runs" columns={COLUMNS}>
        {jobs.map((job) => (
          <Run key={job.id} job={job} />
        ))}
      </Listing>
    </Panel>
  );
}

function Run({ job }: { readonly job: Job }) {
  const { rows, cost, items } = job;
  const ms = runTime(job, job.finished_at === null ? now.value : 0);
  return (
    <tr>
      <td class="run-name">
        <a href={`/jobs/${job.id}`}>{localTime(job.created_at)}</a>
      </td>
      <td>
        <JobBadge job={job} />
      </td>
      <td class="run-rows">
        <OutcomeBar rows={rows} />
        <span class="under">{outcomes(rows)}</span>
      </td>
      <td class="number wide">{count(items)}</td>
      <td class="number">{usd(cost.spent_usd)}</td>
      <td class="number wide">{ms === null ? '–' : duration(ms)}</td>
    </tr>
  );
}

function outcomes(rows: Job['rows']): string {
  return [...ROW_OUTCOMES, 'pending' as const]
    .filter((outcome) => rows[outcome] > 0)
    .map((outcome) => `${count(rows[outcome])} ${OUTCOME_WORDS[outcome].toLowerCase()}`)
    .join(', ');
}
