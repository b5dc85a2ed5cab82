import { isTagged, type Job } from '@linkhaul/schemas';
import { type ReadonlySignal, signal } from '@preact/signals';
import { onJobsChange } from '../../service/changes.js';
import { client } from '../../service/session.js';

/** The largest page that the service returns. Names are short, so it is small enough. */
const NAMES_PAGE = 1000;
/** For how many tags the latest run is requested at once. The limit leaves room for the page's other requests. */
const ASKED_AT_ONCE = 3;

export interface TagsList {
  /** In the service's order; null before the first answer. */
  readonly names: ReadonlySignal<readonly string[] | null>;
  /** The newest job of each tag that was asked for. */
  readonly latest: ReadonlySignal<ReadonlyMap<string, Job>>;
  readonly error: ReadonlySignal<unknown>;
  /** Loads the latest run of a tag, if it was not loaded yet. */
  want(tag: string): void;
  reload(): void;
  close(): void;
}

/** The tenant's tags, and the latest run of those that are shown, always up to date. */
export function openTagsList(): TagsList {
  const names = signal<readonly string[] | null>(null);
  const latest = signal<ReadonlyMap<string, Job>>(new Map());
  const error = signal<unknown>(null);
  let over = new AbortController();
  const wanted = new Set<string>();
  const waiting: string[] = [];
  let asking = 0;

  const load = async () => {
    over.abort();
    over = new AbortController();
    const { signal: ended } = over;
    try {
      names.value = await allNames(ended);
      error.value = null;
    } catch (refusal) {
      if (!ended.aborted) error.value = refusal;
    }
  };
  const keep = (job: Job) => {
    const known = latest.value.get(job.tag);
    if (known !== undefined && known.created_at > job.created_at) return;
    latest.value = new Map(latest.value).set(job.tag, job);
  };
  const askNext = async (): Promise<void> => {
    const tag = asking < ASKED_AT_ONCE ? waiting.shift() : undefined;
    if (tag === undefined) return;
    asking += 1;
    try {
      const { latest: job } = await client.value.tag(tag, { limit: 1, signal: over.signal });
      if (job !== null) keep(job);
    } catch {
      // The list itself reports an error of the service. This tag is requested again when it is shown again.
      wanted.delete(tag);
    }
    asking -= 1;
    void askNext();
  };
  const stop = onJobsChange((change) => {
    if (change.type === 'job' && isTagged(change.job)) {
      const { tag } = change.job;
      if (names.value !== null && !names.value.includes(tag)) names.value = [...names.value, tag].sort();
      wanted.add(tag);
      keep(change.job);
    } else if (change.type === 'reset') void load();
  });
  void load();
  return {
    names,
    latest,
    error,
    want(tag) {
      if (wanted.has(tag)) return;
      wanted.add(tag);
      waiting.push(tag);
      void askNext();
    },
    reload: () => void load(),
    close() {
      stop();
      over.abort();
    },
  };
}

async function allNames(ended: AbortSignal): Promise<readonly string[]> {
  const names: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await client.value.tags({ limit: NAMES_PAGE, signal: ended, ...(cursor !== null && { cursor }) });
    names.push(...page.tags);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return names;
}
