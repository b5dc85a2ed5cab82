import type { Job } from '@linkhaul/schemas';
import { type ReadonlySignal, signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { client } from '../../../service/session.js';
import type { Series } from './series-curves.js';

const MOST_OFTEN_MS = 2000;

interface LoadedSeries {
  /** Null before the first answer. */
  readonly series: Series | null;
  readonly error: unknown;
}

/** The job's series. It is loaded again when the job has changed, at most every two seconds. */
export function useSeries(job: Job): LoadedSeries {
  const live = useMemo(() => openSeries(job.id), [job.id]);
  useEffect(() => () => live.close(), [live]);
  const { calls, rows, cost } = job;
  const version = `${calls.done} ${calls.failed} ${rows.pending} ${cost.spent_usd}`;
  useEffect(() => live.want(version), [live, version]);
  return live.state.value;
}

interface LiveSeries {
  readonly state: ReadonlySignal<LoadedSeries>;
  /** Loads the series, unless the loaded one already shows this version of the job. */
  want(version: string): void;
  close(): void;
}

function openSeries(id: string): LiveSeries {
  const state = signal<LoadedSeries>({ series: null, error: null });
  const over = new AbortController();
  let wanted = '';
  let loaded: string | null = null;
  let loadedAt = 0;
  /** True while a load is under way or scheduled. */
  let isBusy = false;

  const load = async (): Promise<void> => {
    loaded = wanted;
    try {
      state.value = { series: await client.value.jobSeries(id, { signal: over.signal }), error: null };
    } catch (error) {
      if (!over.signal.aborted) state.value = { ...state.peek(), error };
    }
    loadedAt = Date.now();
    isBusy = false;
    plan();
  };
  const plan = () => {
    if (isBusy || loaded === wanted || over.signal.aborted) return;
    isBusy = true;
    setTimeout(() => void (over.signal.aborted || load()), Math.max(0, loadedAt + MOST_OFTEN_MS - Date.now()));
  };
  return {
    state,
    want(version) {
      wanted = version;
      plan();
    },
    close: () => over.abort(),
  };
}
