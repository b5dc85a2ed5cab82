import type { Change, DiffSummary, EndpointName } from '@linkhaul/schemas';
import { type ReadonlySignal, signal } from '@preact/signals';
import { client } from '../../service/session.js';

/** More changes would fill a phone's memory. The downloads have all of them. */
const MOST_CHANGES = 200_000;
/** Changes are shown while they arrive, in growing steps, because each step sorts all of them. */
const FIRST_STEP = 1000;

export interface DiffQuery {
  readonly tag: string;
  readonly endpoint: EndpointName;
  readonly baseJob: string;
  readonly job: string;
}

interface DiffState {
  readonly summary: DiffSummary | null;
  readonly changes: readonly Change[];
  /** False if there are more changes than the page keeps. */
  readonly isWhole: boolean;
  readonly isLoading: boolean;
  readonly error: unknown;
}

export interface OpenDiff {
  readonly state: ReadonlySignal<DiffState>;
  close(): void;
}

/** Compares two runs: the counts arrive first, then the changes. */
export function openDiff({ tag, ...runs }: DiffQuery): OpenDiff {
  const state = signal<DiffState>({ summary: null, changes: [], isWhole: true, isLoading: true, error: null });
  const over = new AbortController();
  const load = async () => {
    const { summary, changes } = await client.value.tagDiff(tag, { ...runs, signal: over.signal });
    state.value = { ...state.value, summary };
    const read: Change[] = [];
    let next = FIRST_STEP;
    for await (const change of changes) {
      if (read.length === MOST_CHANGES) {
        state.value = { ...state.value, changes: read, isWhole: false, isLoading: false };
        return over.abort();
      }
      read.push(change);
      if (read.length === next) {
        next *= 4;
        state.value = { ...state.value, changes: [...read] };
      }
    }
    state.value = { ...state.value, changes: read, isLoading: false };
  };
  load().catch((error: unknown) => {
    if (!over.signal.aborted) state.value = { ...state.value, isLoading: false, error };
  });
  return { state, close: () => over.abort() };
}
