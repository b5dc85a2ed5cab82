import type { TagTarget } from '@linkhaul/schemas';

type TargetRun = TagTarget['runs'][number];

/** On a list endpoint these are the only numbers of a target. */
const COUNTS = ['items', 'total_count'] as const;

/** A run's value of a field; null if it has none. */
export function numberOf(run: TargetRun, field: string): number | null {
  const count = COUNTS.find((name) => name === field);
  return run.values?.[field] ?? (count === undefined ? null : run[count]);
}

/** The times and values of one field, oldest first. A run without a value leaves a gap. */
export function targetPoints(runs: readonly TargetRun[], field: string) {
  const dated = runs.toSorted((a, b) => a.created_at.localeCompare(b.created_at));
  return {
    times: dated.map(({ created_at }) => Date.parse(created_at)),
    values: dated.map((run) => numberOf(run, field)),
  };
}

/** The fields that have a number in any run, which a chart can show. */
export function numberFields({ fields, runs }: Pick<TagTarget, 'fields' | 'runs'>): readonly string[] {
  const names = fields.length === 0 ? COUNTS : fields.map(({ name }) => name);
  return names.filter((name) => runs.some((run) => numberOf(run, name) !== null));
}
