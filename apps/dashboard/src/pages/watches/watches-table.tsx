import { ENDPOINT_FORMS } from 'virtual:endpoint-forms';
import type { Watch } from '@linkhaul/schemas';
import { usd } from '../../format/numbers.js';
import { localTime } from '../../format/times.js';
import { now } from '../../service/clock.js';
import { Listing } from '../../ui/listing.js';
import { Sparkline } from '../../ui/sparkline.js';
import { tagAddress } from '../tags/tag-address.js';
import { WatchActions } from './watch-actions.js';
import { changeWords, nextWords, scheduleWords } from './watch-words.js';

const COLUMNS = [
  { words: 'Watch' },
  { words: 'Next run' },
  { words: 'Total', isWide: true },
  { words: 'Last changes' },
  { words: 'Budget', isNumber: true, isWide: true },
  { words: 'Actions', isUnseen: true },
];

interface WatchesTableProps {
  readonly watches: readonly Watch[];
  readonly onChange: () => void;
}

export function WatchesTable({ watches, onChange }: WatchesTableProps) {
  return (
    <div class="watches-table">
      <Listing label="Watches" columns={COLUMNS}>
        {watches.map((watch) => (
          <WatchRow key={watch.name} watch={watch} onChange={onChange} />
        ))}
      </Listing>
    </div>
  );
}

interface WatchRowProps {
  readonly watch: Watch;
  readonly onChange: () => void;
}

function WatchRow({ watch, onChange }: WatchRowProps) {
  const { name, tag, endpoint, next_run_at: next, totals, budget, last_run: last, run } = watch;
  const job = run?.job ?? last?.job ?? null;
  return (
    <tr>
      <td class="watch-name">
        <a href={tagAddress(tag)}>{name}</a>
        <span class="under">{ENDPOINT_FORMS[endpoint].title}</span>
      </td>
      <td title={next === null ? undefined : localTime(next)}>
        {nextWords(watch, now.value)}
        <span class="under">{scheduleWords(watch)}</span>
      </td>
      <td class="wide">
        {totals.length > 1 && <Sparkline points={totals} />}
        <span class="under">{watch.field}</span>
      </td>
      <td>
        {changeWords(watch)}
        {job !== null && (
          <a class="under mono" href={`/jobs/${job}`}>
            {job}
          </a>
        )}
      </td>
      <td class="wide number">
        {budget !== null && (
          <>
            {usd(budget.committed_usd)}
            <span class="under">
              of {usd(budget.usd)} a {budget.period}
            </span>
          </>
        )}
      </td>
      <td class="actions">
        <WatchActions watch={watch} onChange={onChange} />
      </td>
    </tr>
  );
}
