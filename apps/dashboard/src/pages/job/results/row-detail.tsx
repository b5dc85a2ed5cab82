import { type Result, ROW_ERROR_CODES } from '@linkhaul/schemas';
import { count } from '../../../format/numbers.js';
import { localTime } from '../../../format/times.js';
import { useResource } from '../../../service/resource.js';
import { RowBadge } from '../../../ui/badge.js';
import { Dialog } from '../../../ui/dialog.js';
import { Trouble } from '../../../ui/trouble.js';
import { findResult } from './find-result.js';
import { ItemFields } from './item-fields.js';
import type { LoadedRows } from './loaded-rows.js';
import { LinkedText } from './result-cell.js';
import type { LoadPage } from './results-loading.js';
import './row-detail.css';

interface RowDetailProps {
  readonly load: LoadPage;
  readonly rows: LoadedRows;
  readonly index: number;
  readonly onClose: () => void;
}

/** Everything about one line, with the upstream's item unchanged. */
export function RowDetail({ load, rows, index, onClose }: RowDetailProps) {
  const whole = rows.wholeAt(index);
  const place = { from: rows.cursorOf(index), line: rows.lineAt(index), position: rows.positionAt(index) };
  const { data, error, isLoading, reload } = useResource((signal) =>
    whole === undefined ? findResult(load, place, signal) : Promise.resolve(whole),
  );
  return (
    <Dialog title={rows.targetAt(index)} place="side" onClose={onClose}>
      <Trouble error={error} onRetry={reload} />
      {data !== null && <Detail result={data} />}
      {data === null && error === null && (
        <p class="quiet" role="status">
          {isLoading ? 'Loading this line' : 'This line is not among the results any more.'}
        </p>
      )}
    </Dialog>
  );
}

function Detail({ result }: { readonly result: Result }) {
  const { error, data } = result;
  return (
    <div class="row-detail">
      <p>
        <RowBadge status={result.status} />
      </p>
      {error !== null && (
        <div class="row-error">
          <p>{ROW_ERROR_CODES[error.code]}</p>
          {error.message !== ROW_ERROR_CODES[error.code] && <p>{error.message}</p>}
          <p class="quiet">
            <span class="mono">{error.code}</span>, {error.retryable ? 'a retry may help' : 'a retry does not help'}
            {error.attempts > 0 && `, ${count(error.attempts)} ${error.attempts === 1 ? 'attempt' : 'attempts'}`}
          </p>
        </div>
      )}
      <dl class="pairs">
        {pairsOf(result).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="linked">
              <LinkedText text={value} />
            </dd>
          </div>
        ))}
      </dl>
      {data !== null && (
        <>
          <h3>Item of the upstream</h3>
          <ItemFields item={data} />
          <details>
            <summary>As JSON, untouched</summary>
            <pre tabindex={0}>{JSON.stringify(data, null, 2)}</pre>
          </details>
        </>
      )}
    </div>
  );
}

function pairsOf(result: Result): [name: string, value: string][] {
  const { line, input, id, target, position, duplicate_of, call, fetched_at, source } = result;
  const pairs: [string, string | null][] = [
    ['Line', count(line)],
    ['Input', input],
    ['Target', target === input ? null : target],
    ['Id', id],
    ['Position', position === null ? null : count(position)],
    ['Duplicate of', duplicate_of === null ? null : `line ${count(duplicate_of)}, bought there`],
    ['Call', call === null ? null : count(call)],
    ['Fetched', fetched_at === null ? null : localTime(fetched_at)],
    ['Source', source],
  ];
  return pairs.flatMap(([name, value]): [string, string][] => (value === null ? [] : [[name, value]]));
}
