import { type JobRecord, refOf, type SettledCalls } from '@linkhaul/jobs';
import {
  type Answer,
  MissingObject,
  type PlannedTarget,
  type PlanShape,
  partOf,
  paths,
  readAnswer,
  readPlanPart,
  rootOf,
} from '@linkhaul/storage';
import type { Services } from '../services.js';
import type { Cursor } from './cursor.js';

export type Reading = Pick<Services, 'storage' | 'calls'>;

/** A call of a plan with the places before and after it. `answer` is null where a finished job never made it. */
interface WalkedCall {
  readonly call: number;
  readonly targets: readonly PlannedTarget[];
  readonly answer: Answer | null;
  readonly before: Cursor;
  readonly after: Cursor;
}

/**
 * The settled calls of a job from a cursor on, by number, and last of a finished job the calls that were never made.
 * Calls that are passed over because they are open stand in the cursor's gaps; a page that is asked for only because
 * of the answer before it enters them when that answer is given.
 */
export async function* walkSettled(
  job: JobRecord,
  from: Cursor,
  reading: Reading & { readonly plan: PlanShape },
): AsyncGenerator<WalkedCall, { done: boolean; at: Cursor }> {
  const { plan } = reading;
  const finished = job.finishedAt !== null;
  const settled = await reading.calls.settled(refOf(job.description));
  const targetsOf = planReader(job, plan, reading);
  let gaps = [...from.gaps].sort((a, b) => a - b);
  let next = Math.max(from.next, 1);

  const place = (at: number | null): Cursor => ({ phase: 'calls', next, gaps: [...gaps], at, skip: 0 });
  const visit = async (call: number): Promise<WalkedCall> => {
    const before = { ...place(call), skip: call === from.at ? from.skip : 0 };
    const answer = settled.isSettled(call) ? await readSettled(job, call, { settled, reading }) : null;
    const follower = call + plan.roots;
    if (answer !== null && hasNextPage(answer) && follower < next) gaps.push(follower);
    return { call, targets: await targetsOf(call), answer, before, after: place(null) };
  };

  if (from.at !== null) yield await visit(from.at);
  for (const gap of gaps.filter((call) => finished || settled.isSettled(call))) {
    gaps = gaps.filter((call) => call !== gap);
    yield await visit(gap);
  }
  const end = finished ? Math.max(settled.highest, plan.roots) : settled.highest;
  while (next <= end) {
    const call = next++;
    if (settled.isSettled(call) || (finished && call <= plan.roots)) yield await visit(call);
    else if (!finished && (call <= plan.roots || settled.isLive(call))) gaps.push(call);
  }
  return { done: finished && gaps.length === 0, at: place(null) };
}

/** Whether the row goes on after this answer. */
export function hasNextPage({ header }: Answer): boolean {
  return header.outcome.kind === 'list' && header.outcome.status === null;
}

export async function readSettled(
  job: JobRecord,
  call: number,
  { settled, reading }: { settled: SettledCalls; reading: Reading },
): Promise<Answer> {
  const ref = refOf(job.description);
  const attempt = settled.attempt(call);
  const answer = await readAnswer(reading.storage, ref, { call, attempt });
  if (answer === null) throw new MissingObject(paths.answer(ref, call, attempt));
  return answer;
}

/** Reads the plan part by part; calls come in order, so that one part is kept. */
export function planReader(
  job: JobRecord,
  plan: PlanShape,
  { storage }: Reading,
): (call: number) => Promise<readonly PlannedTarget[]> {
  let kept: { part: number; calls: PlannedTarget[][] } | null = null;
  return async (call) => {
    const root = rootOf(call, plan);
    const part = partOf(root, plan);
    if (kept?.part !== part) kept = { part, calls: await readPlanPart(storage, refOf(job.description), part) };
    return kept.calls[root - 1 - part * plan.callsPerPart] ?? [];
  };
}
