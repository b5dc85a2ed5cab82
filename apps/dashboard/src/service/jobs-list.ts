import type { EndpointName, Job, JobStatus } from '@linkhaul/schemas';
import { type ReadonlySignal, signal } from '@preact/signals';
import { isLive, onJobsChange } from './changes.js';
import { client } from './session.js';

const PAGE = 50;
/** The longest page that the service returns. */
const MOST = 1000;
/** How long a new list waits for the stream of changes, because the list would otherwise be loaded twice. */
const STREAM_OPENS_WITHIN_MS = 1000;

export interface JobsQuery {
  readonly q?: string;
  readonly status?: JobStatus;
  readonly endpoint?: EndpointName;
  readonly tag?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

interface JobsState {
  /** Newest first; null before the first answer. */
  readonly jobs: readonly Job[] | null;
  readonly nextCursor: string | null;
  readonly isLoading: boolean;
  readonly error: unknown;
}

export interface JobsList {
  readonly state: ReadonlySignal<JobsState>;
  loadMore(): void;
  /** Reloads the jobs that are shown. */
  reload(): void;
  close(): void;
}

/** The jobs that match, always up to date: the list is loaded in pages, and the service sends changes. */
export function openJobsList(query: JobsQuery): JobsList {
  const state = signal<JobsState>({ jobs: null, nextCursor: null, isLoading: true, error: null });
  let loading = new AbortController();
  /** Changes that arrived while a page was being loaded. They are newer than the page. */
  let fresh = new Map<string, Job | null>();
  let opening: ReturnType<typeof setTimeout> | undefined;

  const load = async (cursor: string | null): Promise<void> => {
    clearTimeout(opening);
    loading.abort();
    loading = new AbortController();
    const { signal: ended } = loading;
    fresh = new Map();
    state.value = { ...state.value, isLoading: true };
    try {
      const page = await client.value.jobs({
        ...query,
        limit: cursor === null ? Math.min(Math.max(PAGE, state.value.jobs?.length ?? 0), MOST) : PAGE,
        signal: ended,
        ...(cursor !== null && { cursor }),
      });
      const before = cursor === null ? [] : (state.value.jobs ?? []);
      const jobs = [...fresh].reduce((list, [id, job]) => withJob(list, id, job, query), merged(before, page.jobs));
      state.value = { jobs, nextCursor: page.next_cursor, isLoading: false, error: null };
    } catch (error) {
      if (!ended.aborted) state.value = { ...state.value, isLoading: false, error };
    }
  };
  const change = (id: string, job: Job | null) => {
    fresh.set(id, job);
    const { jobs } = state.value;
    if (jobs !== null) state.value = { ...state.value, jobs: withJob(jobs, id, job, query) };
  };
  const stop = onJobsChange((word) => {
    if (word.type === 'reset') void load(null);
    else if (word.type === 'job') change(word.job.id, word.job);
    else change(word.id, null);
  });
  // The stream begins with `reset`, which loads the list.
  if (isLive.value) void load(null);
  else opening = setTimeout(() => void load(null), STREAM_OPENS_WITHIN_MS);
  return {
    state,
    reload: () => void load(null),
    loadMore() {
      const { nextCursor, isLoading } = state.value;
      if (nextCursor !== null && !isLoading) void load(nextCursor);
    },
    close() {
      stop();
      clearTimeout(opening);
      loading.abort();
    },
  };
}

function merged(before: readonly Job[], page: readonly Job[]): readonly Job[] {
  const known = new Set(before.map(({ id }) => id));
  return [...before, ...page.filter(({ id }) => !known.has(id))];
}

/** Puts the job into the list: in its place, or as the newest. Removes it if it was deleted or no longer matches. */
function withJob(jobs: readonly Job[], id: string, job: Job | null, query: JobsQuery): readonly Job[] {
  const place = jobs.findIndex((known) => known.id === id);
  if (job === null || !matches(job, query)) return place === -1 ? jobs : jobs.toSpliced(place, 1);
  if (place !== -1) return jobs.with(place, job);
  const oldest = jobs.at(-1);
  const isOnLoadedPages = oldest === undefined || job.created_at >= oldest.created_at;
  return isOnLoadedPages ? [job, ...jobs].sort((a, b) => b.created_at.localeCompare(a.created_at)) : jobs;
}

/** The rules of `GET /v1/jobs`, for jobs that arrive through the stream. */
function matches(job: Job, { q, status, endpoint, tag, metadata = {} }: JobsQuery): boolean {
  const texts = [job.id, job.tag, ...Object.values(job.metadata)].map((text) => text.toLowerCase());
  return (
    (q === undefined || texts.some((text) => text.includes(q.toLowerCase()))) &&
    (status === undefined || job.status === status) &&
    (endpoint === undefined || job.endpoint === endpoint) &&
    (tag === undefined || job.tag === tag) &&
    Object.entries(metadata).every(([name, value]) => job.metadata[name] === value)
  );
}
