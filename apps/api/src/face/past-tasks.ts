import type { JobRecord, TimeRange } from '@linkhaul/jobs';
import { readTaskStates, type TaskState } from '@linkhaul/results';
import type { Services } from '../services.js';

/** A task that the tenant posted, and the job that answers it. */
export interface PastTask extends TaskState {
  readonly job: JobRecord;
}

interface Wanted {
  readonly tenant: string;
  readonly range: TimeRange;
  readonly order: 'oldest' | 'newest';
  /** False for a job whose tasks are all skipped. */
  readonly wants: (job: JobRecord) => boolean;
}

/** Where a task was posted. */
export function pathOf({ description: { endpoint, tasks } }: JobRecord): string {
  return `/v3/backlinks/${endpoint}/${tasks?.kind === 'live' ? 'live' : 'task_post'}`;
}

/** The tenant's tasks that were posted within a time, one after the other: only as many are read as are asked for. */
export async function* pastTasks(
  { tenant, range, order, wants }: Wanted,
  services: Services,
): AsyncGenerator<PastTask> {
  for (const id of await services.taskIndex.postedWithin(tenant, range, order)) {
    const job = await services.store.get({ tenant, id });
    if (job === null || !wants(job)) continue;
    const states = await readTaskStates(job, services);
    for (const state of order === 'oldest' ? states : states.toReversed()) yield { ...state, job };
  }
}

/** One page of a sequence. */
export async function pageOf<T>(all: AsyncIterable<T>, { offset, limit }: { offset: number; limit: number }) {
  const page: T[] = [];
  let at = 0;
  for await (const one of all) {
    if (at++ < offset) continue;
    page.push(one);
    if (page.length === limit) break;
  }
  return page;
}
