import type { Job } from '@linkhaul/schemas';
import { age, localTime } from '../../../format/times.js';
import { STATUS_WORDS } from '../../../format/words.js';
import { now } from '../../../service/clock.js';
import { actorWords, historyWords } from './history-words.js';
import './history.css';

/** What happened to the job, newest first. */
export function HistoryTab({ job }: { readonly job: Job }) {
  return (
    <ol class="timeline" reversed>
      {job.history.toReversed().map((entry, index) => {
        const actor = actorWords(entry);
        return (
          <li key={job.history.length - index} class={toneOf(entry.to)}>
            <p>{historyWords(entry)}</p>
            <p class="quiet">
              <time dateTime={entry.at} title={age(entry.at, now.value)}>
                {localTime(entry.at)}
              </time>
              {actor !== null && <> by {actor}</>}
            </p>
          </li>
        );
      })}
    </ol>
  );
}

/** The colour of an entry's mark, which is that of the new status. */
function toneOf(to: string): string {
  const status = Object.keys(STATUS_WORDS).find((known) => known === to);
  return status ?? 'other';
}
