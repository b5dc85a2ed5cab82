import { LinkhaulProblem } from '@linkhaul/client/browser';
import type { Job } from '@linkhaul/schemas';
import { type ReadonlySignal, signal } from '@preact/signals';
import { onJobsChange } from '../../service/changes.js';
import { client } from '../../service/session.js';

interface LiveJobState {
  /** Null before the first answer. Kept when the job is deleted. */
  readonly job: Job | null;
  /** `missing`: the job does not exist. `deleted`: it was deleted while the page was open. */
  readonly gone: 'missing' | 'deleted' | null;
  readonly error: unknown;
}

export interface LiveJob {
  readonly state: ReadonlySignal<LiveJobState>;
  /** Shows the job as an action returned it, before the service reports the change. */
  show(job: Job): void;
  reload(): void;
  close(): void;
}

/** One job, always up to date: it is loaded once, and the service sends its changes. */
export function openJob(id: string): LiveJob {
  const state = signal<LiveJobState>({ job: null, gone: null, error: null });
  let loading = new AbortController();
  let changes = 0;
  const show = (job: Job) => {
    changes += 1;
    state.value = { job, gone: null, error: null };
  };
  const leave = (gone: 'missing' | 'deleted') => {
    changes += 1;
    state.value = { ...state.peek(), gone, error: null };
  };
  const load = async (): Promise<void> => {
    loading.abort();
    loading = new AbortController();
    const { signal: over } = loading;
    const before = changes;
    try {
      const job = await client.value.job(id, { signal: over });
      // A change that arrived while the answer was on its way is newer than the answer.
      if (changes === before) show(job);
    } catch (error) {
      if (over.aborted) return;
      if (isMissing(error)) leave(state.peek().job === null ? 'missing' : 'deleted');
      else state.value = { ...state.peek(), error };
    }
  };
  const stop = onJobsChange((change) => {
    if (change.type === 'reset') void load();
    else if (change.type === 'job' && change.job.id === id) show(change.job);
    else if (change.type === 'deleted' && change.id === id) leave('deleted');
  });
  void load();
  return {
    state,
    show,
    reload: () => void load(),
    close() {
      stop();
      loading.abort();
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof LinkhaulProblem && error.status === 404;
}
