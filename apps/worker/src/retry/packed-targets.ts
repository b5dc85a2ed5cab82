import type { PackedCalls } from '@linkhaul/jobs';
import type { PlannedTarget } from '@linkhaul/storage';

/** The targets of each packed call. */
export function* packedTargets(targets: readonly PlannedTarget[], packed: PackedCalls): Generator<PlannedTarget[]> {
  for (let call = 0; call < packed.length; call++) {
    yield [...packed.positions(call)].map((position) => targets[position]).filter((target) => target !== undefined);
  }
}
