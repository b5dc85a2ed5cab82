import type { Job, RowStatus } from '@linkhaul/schemas';
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { client } from '../../../service/session.js';
import { Empty } from '../../../ui/empty.js';
import { Trouble } from '../../../ui/trouble.js';
import { chosenColumns, keepColumns } from './chosen-columns.js';
import { ColumnsDialog } from './columns-dialog.js';
import { expectedLines } from './expected-lines.js';
import { LoadedWords } from './loaded-words.js';
import { columnsOf } from './result-columns.js';
import { type LoadPage, openResults } from './results-loading.js';
import { ResultsTable } from './results-table.js';
import { ResultsTools } from './results-tools.js';
import { RowDetail } from './row-detail.js';
import type { Sort } from './row-order.js';
import { useOrder } from './use-order.js';
import './results.css';

/** Results with at most this many columns are small. */
const FEW_COLUMNS = 15;

/** How many rows are loaded beyond those in sight. */
const AHEAD = 200;

/** The results of a job, however many. Rows in sight are loaded, and the rest when the user asks for them. */
export function ResultsTab({ job }: { readonly job: Job }) {
  const status = useSignal<RowStatus | null>(null);
  const text = useSignal('');
  const sort = useSignal<Sort | null>(null);
  const columns = useSignal(chosenColumns(job.endpoint));
  const isChoosing = useSignal(false);
  const opened = useSignal<number | null>(null);
  const load = useMemo(() => loaderOf(job.id, status.value), [job.id, status.value]);
  // A retry makes earlier cursors invalid.
  const loading = useMemo(() => openResults(load, columns.peek(), pageSizeOf(job)), [load, job.run]);
  useEffect(() => loading.close, [loading]);
  // The job has changed, so wanted rows may exist by now.
  useEffect(() => loading.want(0), [job]);
  const state = loading.state.value;
  const { order, isOrdering } = useOrder(state, text.value, sort.value);
  const expected = expectedLines(job, status.value);
  const shownCount = order?.length ?? (state.isDone || state.isStopped ? state.count : Math.max(expected, state.count));
  return (
    <div class="results">
      <ResultsTools text={text} status={status} onColumns={() => setTo(isChoosing, true)} />
      <LoadedWords
        loading={loading}
        expected={expected}
        isSorted={sort.value !== null}
        isOrdering={isOrdering}
        matching={text.value === '' ? null : (order?.length ?? 0)}
      />
      <Trouble error={state.error} onRetry={loading.goOn} />
      {shownCount === 0 && !state.isLoading && state.error === null ? (
        <NoResults job={job} isFiltered={status.value !== null || text.value !== ''} />
      ) : (
        <ResultsTable
          rows={state.rows}
          columns={columns.value}
          order={order}
          count={shownCount}
          sort={sort}
          onShown={(last) => order === null && loading.want(Math.min(last + AHEAD, expected + AHEAD))}
          onOpen={(index) => setTo(opened, index)}
        />
      )}
      {isChoosing.value && (
        <ColumnsDialog
          endpoint={job.endpoint}
          shown={columns.value.map(({ name }) => name)}
          onChoose={(names) => {
            keepColumns(job.endpoint, names);
            columns.value = chosenColumns(job.endpoint);
            loading.show(columns.value);
          }}
          onClose={() => setTo(isChoosing, false)}
        />
      )}
      {opened.value !== null && (
        <RowDetail load={load} rows={state.rows} index={opened.value} onClose={() => setTo(opened, null)} />
      )}
    </div>
  );
}

function loaderOf(id: string, status: RowStatus | null): LoadPage {
  return (cursor, limit, signal) =>
    client.value.resultsPage(id, {
      limit,
      signal,
      ...(cursor !== null && { cursor }),
      ...(status !== null && { status: [status] }),
    });
}

/** A page is parsed in one go, so it must be small enough to take only a moment. */
function pageSizeOf({ endpoint }: Job): number {
  return columnsOf(endpoint).length <= FEW_COLUMNS ? 1000 : 250;
}

function setTo<T>(signal: { value: T }, value: T): void {
  signal.value = value;
}

function NoResults({ job, isFiltered }: { readonly job: Job; readonly isFiltered: boolean }) {
  if (isFiltered)
    return <Empty title="No line matches" words="Choose another outcome, or search for something else." />;
  const isOver = job.finished_at !== null;
  return isOver ? (
    <Empty title="This job has no results" words="None of its rows has an outcome." />
  ) : (
    <Empty title="No results yet" words="Each row's result stands here as soon as its call is answered." />
  );
}
