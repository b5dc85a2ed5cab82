import type { Backend } from './backend.js';
import { firstPartOf } from './call-numbers.js';
import { putBytes } from './parts.js';
import { type JobRef, paths } from './paths.js';

/** Calls of a plan that are one object in storage. */
export interface PlanPart {
  readonly bytes: Buffer;
  readonly calls: number;
}

interface PlanParts {
  readonly parts: Iterable<PlanPart> | AsyncIterable<PlanPart>;
  readonly run?: number;
  /** Called with the number of calls, from the first on, that are stored: at least once, and in the end with all. */
  readonly onStored?: (calls: number) => Promise<void>;
}

/** Parts that are compressed and written at the same time, while the next ones are cut. */
const MOST_WRITES = 4;

/** Writes the parts of a plan in order. Returns the number of calls. `onStored` counts only calls without a gap before them. */
export async function writePlanParts(backend: Backend, job: JobRef, plan: PlanParts): Promise<number> {
  const { parts, run = 1, onStored } = plan;
  const underWay: Promise<void>[] = [];
  let number = firstPartOf(run);
  let calls = 0;
  let reported: Promise<void> = Promise.resolve();
  for await (const part of parts) {
    calls += part.calls;
    const upTo = calls;
    reported = inTurn([reported, putBytes(backend, paths.plan(job, number++), part.bytes)], async () =>
      onStored?.(upTo),
    );
    underWay.push(reported);
    if (underWay.length >= MOST_WRITES) await underWay.shift();
  }
  await reported;
  if (calls === 0) await onStored?.(0);
  return calls;
}

/** A failure is thrown when the step, or the next one, is awaited. */
function inTurn(before: readonly Promise<void>[], step: () => Promise<void>): Promise<void> {
  const done = Promise.all(before).then(step);
  done.catch(() => undefined);
  return done;
}
