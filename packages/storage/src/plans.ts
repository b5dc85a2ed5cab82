import type { Nanos, TargetKind } from '@linkhaul/schemas';
import type { Backend } from './backend.js';
import type { PageToken } from './page-token.js';
import { getBytes, getLines } from './parts.js';
import { type JobRef, paths } from './paths.js';
import { type PlanPart, writePlanParts } from './plan-parts.js';
import { decodeRow, type EncodedRow, encodeRow } from './row-lines.js';

/** A row as its call knows it. */
export interface PlannedRow {
  readonly line: number;
  readonly input: string;
  readonly id: string | null;
}

/** One target of a call, and every row that asks for it: the first row buys it, the others share its answer. */
export interface PlannedTarget {
  readonly target: string;
  readonly kind: TargetKind;
  readonly rows: readonly [PlannedRow, ...PlannedRow[]];
  /** What its rows have from earlier runs: items of a list, and their share of what was paid. */
  readonly before?: EarlierRuns;
  /** Its place among all targets of its call, if only some of them are given. It decides its share of the cost. */
  readonly place?: { readonly at: number; readonly of: number };
}

export interface EarlierRuns {
  readonly items: number;
  readonly cost: Nanos;
  /** Elements of its pages that are no items. Missing if there are none. */
  readonly strays?: number;
  readonly token?: PageToken;
  /** The call with the last page of these items. Missing if there are none, and in plans of earlier versions. */
  readonly lastPage?: number;
}

/** A bulk call fills a part by itself. A part has up to a thousand calls of one target. */
export const CALLS_PER_PART = { bulk: 1, list: 1000 } as const;

const NEWLINE = Buffer.from('\n');

interface PlanOf<Call> {
  readonly calls: Iterable<Call>;
  readonly callsPerPart: number;
  readonly run?: number;
}

/** Writes a plan's calls in order, part by part. Returns the number of calls. Writing it again gives the same bytes. */
export async function writePlan(
  backend: Backend,
  job: JobRef,
  plan: PlanOf<readonly PlannedTarget[]>,
): Promise<number> {
  const { callsPerPart, run = 1 } = plan;
  const parts = partsOf({ calls: encodeCalls(plan.calls), callsPerPart });
  return writePlanParts(backend, job, { parts, run });
}

/** Puts calls, as `KeptRows` gives them, into parts of `callsPerPart`. */
export function* partsOf({ calls, callsPerPart }: Omit<PlanOf<Buffer>, 'run'>): Generator<PlanPart> {
  let lines: Buffer[] = [];
  let held = 0;
  for (const call of calls) {
    if (held > 0) lines.push(NEWLINE);
    lines.push(call);
    if (++held < callsPerPart) continue;
    yield { bytes: Buffer.concat(lines), calls: held };
    lines = [];
    held = 0;
  }
  if (held > 0) yield { bytes: Buffer.concat(lines), calls: held };
}

/** The root calls of one part of a plan, in order. */
export async function readPlanPart(backend: Backend, job: JobRef, part: number): Promise<PlannedTarget[][]> {
  return (await getLines(backend, paths.plan(job, part))).map((line) => decodeCall(JSON.parse(line)));
}

/** Like `readPlanPart`, but gives the stored lines: `rowTexts` reads them. */
export async function readPlanLines(backend: Backend, job: JobRef, part: number): Promise<Buffer[]> {
  return linesIn(await getBytes(backend, paths.plan(job, part)));
}

function linesIn(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, from);
    const to = newline === -1 ? bytes.length : newline;
    lines.push(bytes.subarray(from, to));
    from = to + 1;
  }
  return lines;
}

function* encodeCalls(calls: Iterable<readonly PlannedTarget[]>): Generator<Buffer> {
  for (const targets of calls) yield Buffer.from(`[${targets.flatMap(encodeTarget).join()}]`);
}

function encodeTarget({ target, kind, rows, before }: PlannedTarget): string[] {
  const encoded = rows.map((row, at) =>
    encodeRow({ ...row, target, kind, duplicateOf: at === 0 ? null : rows[0].line }),
  );
  return before === undefined ? encoded : [...encoded, JSON.stringify(before)];
}

/** A duplicate row belongs to the target before it, and so does an entry about earlier runs. */
function decodeCall(encoded: readonly (EncodedRow | EarlierRuns)[]): PlannedTarget[] {
  const targets: DecodedTarget[] = [];
  for (const entry of encoded) {
    const last = targets.at(-1);
    if (!Array.isArray(entry)) {
      if (last !== undefined) last.before = entry;
      continue;
    }
    const { line, input, id, target, kind, duplicateOf } = decodeRow(entry);
    const row = { line, input, id };
    if (duplicateOf === null) targets.push({ target, kind, rows: [row] });
    else last?.rows.push(row);
  }
  return targets;
}

interface DecodedTarget extends PlannedTarget {
  rows: [PlannedRow, ...PlannedRow[]];
  before?: EarlierRuns;
}
