import type { TagTarget } from '@linkhaul/schemas';

type TargetRun = TagTarget['runs'][number];

/** A list endpoint has no numbers of the target but these. */
const COUNTS = ['items', 'total_count'] as const;

/** A run's number by the name of a field; null where there is none. */
export function numberOf(run: TargetRun, field: string): number | null {
  const count = COUNTS.find((name) => name === field);
  return run.values?.[field] ?? (count === undefined ? null : run[count]);
}

/** Times and numbers of one field, oldest first; a run without a number leaves a gap. */
export function targetPoints(runs: readonly TargetRun[], field: string) {
  const dated = runs.toSorted((a, b) => a.created_at.localeCompare(b.created_at));
  return {
    times: dated.map(({ created_at }) => Date.parse(created_at)),
    values: dated.map((run) => numberOf(run, field)),
  };
}

/** Fields that hold a number in any run: what a chart can show. */
export function numberFields({ fields, runs }: Pick<TagTarget, 'fields' | 'runs'>): readonly string[] {
  const names = fields.length === 0 ? COUNTS : fields.map(({ name }) => name);
  return names.filter((name) => runs.some((run) => numberOf(run, name) !== null));
}
