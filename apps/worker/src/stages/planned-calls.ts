import type { PlannedTarget } from '@linkhaul/storage';

/** The calls of a plan by their targets, which `planCalls` named by position. */
export function* callsOf(targets: readonly PlannedTarget[], calls: readonly number[][]): Generator<PlannedTarget[]> {
  for (const positions of calls) {
    yield positions.map((position) => targets[position]).filter((target) => target !== undefined);
  }
}
