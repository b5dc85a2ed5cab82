import type { Backend } from './backend.js';
import { firstPartOf } from './call-numbers.js';
import { putBytes } from './parts.js';
import { type JobRef, paths } from './paths.js';

/** Calls of a plan that stand in storage as one object. */
export interface PlanPart {
  readonly bytes: Buffer;
  readonly calls: number;
}

interface PlanParts {
  readonly parts: Iterable<PlanPart> | AsyncIterable<PlanPart>;
  readonly run?: number;
  /** Told how many calls, from the first on, are in storage by now; at least once, and at last of all. */
  readonly onStored?: (calls: number) => Promise<void>;
}

/** Parts that are compressed and written at once, while the next are cut. */
const MOST_WRITES = 4;

/** Writes the parts of a plan in order; the number of calls. Those that are said to be stored have no gap before them. */
export async function writePlanParts(backend: Backend, job: JobRef, plan: PlanParts): Promise<number> {
  const { parts, run = 1, onStored } = plan;
  const underWay: Promise<void>[] = [];
  let number = firstPartOf(run);
  let calls = 0;
  let told: Promise<void> = Promise.resolve();
  for await (const part of parts) {
    calls += part.calls;
    const upTo = calls;
    told = inTurn([told, putBytes(backend, paths.plan(job, number++), part.bytes)], async () => onStored?.(upTo));
    underWay.push(told);
    if (underWay.length >= MOST_WRITES) await underWay.shift();
  }
  await told;
  if (calls === 0) await onStored?.(0);
  return calls;
}

/** A failure is thrown when the step, or the next one, is awaited. */
function inTurn(before: readonly Promise<void>[], step: () => Promise<void>): Promise<void> {
  const done = Promise.all(before).then(step);
  done.catch(() => undefined);
  return done;
}
