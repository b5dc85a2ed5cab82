import type { Job, RowErrorCode } from '@linkhaul/schemas';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { counted as countedWords } from '../../../format/numbers.js';
import { client } from '../../../service/session.js';
import { Button } from '../../../ui/button.js';
import { Empty } from '../../../ui/empty.js';
import { Trouble } from '../../../ui/trouble.js';
import { type Counted, countFailures } from './failure-counts.js';
import { FailuresList } from './failures-list.js';
import { RetryForm } from './retry-form.js';
import { canRetry, firstChosen } from './retry-plan.js';
import './failures.css';

/** Why rows have no result, by code, and the form to run them again. */
export function FailuresTab({ job }: { readonly job: Job }) {
  const { counted, error, isCounting, seen, countAgain } = useFailures(job);
  const chosen = useSignal<readonly RowErrorCode[] | null>(null);
  const expected = rowsWithError(job);
  const codes = chosen.value ?? firstChosen(counted?.counts ?? []);
  if (expected === 0) return <NoFailures job={job} />;
  return (
    <div class="failures">
      <p class="failures-words" role="status">
        {countedWords(expected, 'row')} without a result
        {isCounting && <span class="quiet">{`, ${countedWords(counted?.rows ?? 0, 'row')} counted by reason`}</span>}
        {!isCounting && counted?.isWhole === false && (
          <span class="quiet">{`; the first ${countedWords(counted.rows, 'row')} are counted by reason`}</span>
        )}
        {!isCounting && seen !== expected && <Button onClick={countAgain}>Count again</Button>}
      </p>
      <Trouble error={error} onRetry={countAgain} />
      {counted !== null && counted.counts.length > 0 && (
        <>
          <FailuresList
            counts={counted.counts}
            codes={codes}
            onChoose={(code, isChosen) => {
              chosen.value = isChosen ? [...codes, code] : codes.filter((other) => other !== code);
            }}
          />
          {counted.counts.some(({ code }) => canRetry(code)) && <RetryForm job={job} counted={counted} codes={codes} />}
        </>
      )}
    </div>
  );
}

interface Failures {
  readonly counted: Counted | null;
  readonly error: unknown;
  readonly isCounting: boolean;
  /** The job's number of such rows when the counting began. */
  readonly seen: number;
}

/** Counts again for a new run. During a run the user starts it. */
function useFailures(job: Job): Failures & { readonly countAgain: () => void } {
  const state = useSignal<Failures>({ counted: null, error: null, isCounting: false, seen: 0 });
  const round = useSignal(0);
  useEffect(() => {
    const over = new AbortController();
    const change = (changes: Partial<Failures>) => {
      if (!over.signal.aborted) state.value = { ...state.peek(), ...changes };
    };
    const seen = rowsWithError(job);
    change({ counted: null, error: null, isCounting: seen > 0, seen });
    if (seen > 0) {
      const rows = client.value.rows(job.id, { status: ['failed', 'skipped', 'invalid'], signal: over.signal });
      countFailures(rows, (counted) => change({ counted })).then(
        (counted) => change({ counted, isCounting: false }),
        (error: unknown) => change({ error, isCounting: false }),
      );
    }
    return () => over.abort();
  }, [job.id, job.run, job.finished_at, round.value]);
  return {
    ...state.value,
    countAgain: () => {
      round.value += 1;
    },
  };
}

function rowsWithError({ rows }: Job): number {
  return rows.failed + rows.skipped + rows.invalid;
}

function NoFailures({ job }: { readonly job: Job }) {
  return job.finished_at === null ? (
    <Empty title="No row has failed so far" />
  ) : (
    <Empty title="No row has failed" words="Each row of this job has a result, or the upstream knows nothing of it." />
  );
}
