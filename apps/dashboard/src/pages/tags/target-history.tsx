import type { TagTarget } from '@linkhaul/schemas';
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { counted, shortCount, signed } from '../../format/numbers.js';
import { localTime } from '../../format/times.js';
import { Chart } from '../../ui/chart.js';
import { Listing } from '../../ui/listing.js';
import { fieldWords, valueWords } from './diff-words.js';
import { numberFields, numberOf, targetPoints } from './target-runs.js';

/** A chart of one number, and a table of all numbers. */
export function TargetHistory({ target, found }: { readonly target: string; readonly found: TagTarget }) {
  const columns = useMemo(() => numberFields(found), [found]);
  const chosen = useSignal<string | null>(null);
  const column = columns.find((name) => name === chosen.value) ?? columns[0];
  if (column === undefined) {
    return <p class="quiet">No completed run of this tag has numbers of {target}.</p>;
  }
  return (
    <>
      <div class="diff-tools">
        <label>
          <span class="unseen">Number that is shown</span>
          <select
            value={column}
            onChange={(event) => {
              chosen.value = event.currentTarget.value;
            }}
          >
            {columns.map((name) => (
              <option key={name} value={name}>
                {fieldWords(name)}
              </option>
            ))}
          </select>
        </label>
        <span class="quiet">
          {target}, {counted(found.runs.length, 'run')}
          {found.next_cursor !== null && ', older ones are not shown'}
        </span>
      </div>
      <Curve target={target} found={found} column={column} />
      <History runs={found.runs} column={column} />
    </>
  );
}

interface CurveProps {
  readonly target: string;
  readonly found: TagTarget;
  readonly column: string;
}

function Curve({ target, found, column }: CurveProps) {
  const points = useMemo(() => targetPoints(found.runs, column), [found, column]);
  const lines = useMemo(
    () => [{ label: fieldWords(column), colour: '--accent', values: points.values }],
    [points, column],
  );
  if (points.times.length < 2) return null;
  return (
    <Chart
      key={column}
      label={`${fieldWords(column)} of ${target} in each run`}
      times={points.times}
      lines={lines}
      format={shortCount}
    />
  );
}

const COLUMNS = [
  { words: 'Sent' },
  { words: 'Row' },
  { words: 'Value', isNumber: true },
  { words: 'Change', isNumber: true },
];

function History({ runs, column }: { readonly runs: TagTarget['runs']; readonly column: string }) {
  return (
    <Listing label="The target's runs" columns={COLUMNS}>
      {runs.map((run, index) => (
        <tr key={run.job}>
          <td>
            <a href={`/jobs/${run.job}`}>{localTime(run.created_at)}</a>
          </td>
          <td>{run.status === null ? <span class="quiet">not asked for</span> : run.status}</td>
          <td class="number">{valueWords(numberOf(run, column))}</td>
          <td class="number">
            <Move before={runs[index + 1]} run={run} column={column} />
          </td>
        </tr>
      ))}
    </Listing>
  );
}

interface MoveProps {
  readonly before: TagTarget['runs'][number] | undefined;
  readonly run: TagTarget['runs'][number];
  readonly column: string;
}

function Move({ before, run, column }: MoveProps) {
  const was = before === undefined ? null : numberOf(before, column);
  const is = numberOf(run, column);
  if (was === null || is === null) return <span class="quiet">–</span>;
  return <span class={is === was ? 'quiet' : `move ${is > was ? 'up' : 'down'}`}>{signed(is - was)}</span>;
}
