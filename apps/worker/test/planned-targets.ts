import type { PlannedTarget } from '@linkhaul/storage';

/** Domains as targets, each of one row on the line of its position, from `firstLine` on. */
export function targetsNamed(names: readonly string[], firstLine = 1): PlannedTarget[] {
  return names.map((target, at) => ({
    target,
    kind: 'domain',
    rows: [{ line: firstLine + at, input: target, id: null }],
  }));
}
