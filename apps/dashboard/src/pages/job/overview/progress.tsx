import type { Job, RowStatus } from '@linkhaul/schemas';
import { count, share } from '../../../format/numbers.js';
import { duration } from '../../../format/times.js';
import { OUTCOME_WORDS, ROW_OUTCOMES } from '../../../format/words.js';
import { now } from '../../../service/clock.js';
import { OutcomeBar } from '../../../ui/outcome-bar.js';
import { addressOfTab } from '../job-tabs.js';
import { rateNow, rateWhileBusy, type Series } from './series-curves.js';
import { stateWords } from './state-words.js';
import './progress.css';

interface ProgressProps {
  readonly job: Job;
  readonly series: Series | null;
}

export function Progress({ job, series }: ProgressProps) {
  const { rows, calls } = job;
  const rates = ratesOf(job, series);
  return (
    <section class="card job-progress" aria-label="Progress">
      <div class="progress-head">
        <p class="progress-share">
          <strong>{share(Math.floor(job.progress * 1000) / 1000)}</strong>
          <span class="quiet">
            {count(rows.total - rows.pending)} of {count(rows.total)} rows
          </span>
        </p>
        <State job={job} />
      </div>
      <OutcomeBar rows={rows} />
      <Legend job={job} />
      <dl class="progress-facts">
        <Fact name={job.finished_at === null ? 'Rows a second' : 'Rows a second, mean'} value={rate(rates?.rows)} />
        <Fact name={job.finished_at === null ? 'Calls a second' : 'Calls a second, mean'} value={rate(rates?.calls)} />
        <Fact name="Time left" value={job.eta_ms === null ? '–' : duration(job.eta_ms)} />
        <Fact name="Calls in flight" value={count(calls.in_flight)} />
        <Fact name="Items" value={count(job.items)} />
        <Fact name="Duplicates" value={count(job.duplicates)} />
      </dl>
    </section>
  );
}

function ratesOf(job: Job, series: Series | null) {
  if (series === null) return null;
  if (job.finished_at !== null) return rateWhileBusy(series);
  return job.status === 'running' ? rateNow(series, now.value) : { rows: 0, calls: 0 };
}

/** `1,240`, `3.2`, `0.05`; a dash if the rate is unknown. */
function rate(value: number | undefined): string {
  if (value === undefined) return '–';
  return value >= 10 ? count(Math.round(value)) : String(Number(value.toPrecision(2)));
}

function State({ job }: { readonly job: Job }) {
  const words = stateWords(job);
  if (words === null) return null;
  return (
    <p class={`progress-state ${words.tone}`}>
      <strong>{words.says}</strong> {words.more}
    </p>
  );
}

/** Outcomes whose reasons are on another tab. */
const WITHOUT_ANSWER: ReadonlySet<RowStatus> = new Set(['failed', 'invalid', 'skipped']);

function Legend({ job: { id, rows } }: { readonly job: Job }) {
  const outcomes: readonly RowStatus[] = [...ROW_OUTCOMES, 'pending'];
  return (
    <ul class="legend">
      {outcomes.map((outcome) => (
        <li key={outcome} class={rows[outcome] === 0 ? 'none' : ''}>
          <i class={outcome} aria-hidden="true" />
          {rows[outcome] > 0 && WITHOUT_ANSWER.has(outcome) ? (
            <a href={addressOfTab(id, 'failures')}>{OUTCOME_WORDS[outcome]}</a>
          ) : (
            OUTCOME_WORDS[outcome]
          )}
          <span class="legend-number">{count(rows[outcome])}</span>
        </li>
      ))}
    </ul>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
