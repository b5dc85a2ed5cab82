import type { EndpointName, Job } from '@linkhaul/schemas';

/** The figures of runs that a chart can show. */
export const MEASURES = {
  ok: { words: 'Ok rows', isMoney: false, of: ({ rows }: Job) => rows.ok },
  cost: { words: 'Cost', isMoney: true, of: ({ cost }: Job) => cost.spent_usd },
  items: { words: 'Items', isMoney: false, of: ({ items }: Job) => items },
} as const;

export type Measure = keyof typeof MEASURES;

interface RunPoints {
  /** In milliseconds, ascending. */
  readonly times: readonly number[];
  readonly values: readonly number[];
}

/** One point for each run that has begun, oldest first. */
export function runPoints(jobs: readonly Job[], measure: Measure): RunPoints {
  const runs = jobs.filter(({ started_at }) => started_at !== null).toSorted(byCreation);
  return { times: runs.map(({ created_at }) => Date.parse(created_at)), values: runs.map(MEASURES[measure].of) };
}

/** The endpoints of the jobs, beginning with that of the newest job. */
export function endpointsOf(jobs: readonly Job[]): readonly EndpointName[] {
  return [
    ...new Set(
      jobs
        .toSorted(byCreation)
        .reverse()
        .map(({ endpoint }) => endpoint),
    ),
  ];
}

/** How long a run took, or has taken so far; null before it has begun. */
export function runTime({ started_at, finished_at }: Job, now: number): number | null {
  if (started_at === null) return null;
  return (finished_at === null ? now : Date.parse(finished_at)) - Date.parse(started_at);
}

function byCreation(a: Job, b: Job): number {
  return a.created_at.localeCompare(b.created_at);
}
