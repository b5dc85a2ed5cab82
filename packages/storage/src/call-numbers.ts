import type { SkippedCode } from '@linkhaul/schemas';
import type { AnswerHeader } from './answer-header.js';

/**
 * How the calls of a job are numbered. Its plan holds the root calls, 1 to `roots`. The further calls of a root have numbers
 * that can be computed, so that they need neither a place in storage nor a counter: ordinal n of a root is call
 * `root + n × roots`. For a list, n is the page. For a bulk call, n is the node in the tree of halves into which the call was
 * split: the halves of node n are 2n + 1 and 2n + 2. For example, with 100 roots the halves of call 7 are 107 and 207.
 * Each later run of the job has a plan of its own. Its calls are numbered in the same way, above all numbers of the runs
 * before it.
 */
export interface PlanShape {
  readonly kind: 'bulk' | 'list';
  readonly roots: number;
  readonly callsPerPart: number;
  /** How the first run ended. Null while it is the last run and not over. */
  readonly end?: RunEnd | null;
  /** The runs after the first that have calls, in order. */
  readonly later?: readonly PlannedRun[];
}

/** `done`: every row was decided. Otherwise why its open rows were skipped. */
export type RunEnd = 'done' | SkippedCode;

/** One run's calls: the roots are `base` + 1 to `base` + `roots`. */
export interface PlannedRun {
  readonly run: number;
  readonly base: number;
  readonly roots: number;
  readonly callsPerPart: number;
  readonly end: RunEnd | null;
}

type Numbers = Pick<PlanShape, 'roots' | 'later'>;

/** More than the parts of any run's plan, so that no two runs share a part number. */
const PARTS_PER_RUN = 1_000_000;

/** The runs of a plan, in the order of their calls. */
export function runsOf({ roots, callsPerPart, end = null, later = [] }: PlanShape): readonly PlannedRun[] {
  return [{ run: 1, base: 0, roots, callsPerPart, end }, ...later];
}

/** The run to which a call belongs. */
export function runOf(call: number, shape: PlanShape): PlannedRun {
  const { roots, callsPerPart, end = null } = shape;
  return laterRunOf(call, shape) ?? { run: 1, base: 0, roots, callsPerPart, end };
}

export function lastRunOf(shape: PlanShape): PlannedRun {
  return runOf(Number.MAX_SAFE_INTEGER, shape);
}

function laterRunOf(call: number, { later = [] }: Pick<PlanShape, 'later'>): PlannedRun | undefined {
  return later.findLast(({ base }) => call > base);
}

interface Place {
  readonly base: number;
  readonly roots: number;
}

function placeOf(call: number, shape: Numbers): Place {
  return laterRunOf(call, shape) ?? { base: 0, roots: shape.roots };
}

export function rootOf(call: number, shape: Numbers): number {
  const { base, roots } = placeOf(call, shape);
  return base + ((call - base - 1) % roots) + 1;
}

/** Which of its root's calls it is: its page, or its node. The root itself is 0. */
export function ordinalOf(call: number, shape: Numbers): number {
  const { base, roots } = placeOf(call, shape);
  return Math.floor((call - base - 1) / roots);
}

/** The number of the part that holds a root call. */
export function partOf(root: number, shape: Pick<PlanShape, 'callsPerPart' | 'later'>): number {
  const { run, base, callsPerPart } = laterRunOf(root, shape) ?? { ...shape, run: 1, base: 0 };
  return firstPartOf(run) + Math.floor((root - base - 1) / callsPerPart);
}

export function firstPartOf(run: number): number {
  return (run - 1) * PARTS_PER_RUN;
}

/** The calls that exist because of an answer: the next page, or the halves of a call that was split. */
export function followersOf({ call, outcome }: Pick<AnswerHeader, 'call' | 'outcome'>, shape: PlanShape): number[] {
  const isFollowed = outcome.kind === 'split' || (outcome.kind === 'list' && outcome.status === null);
  return isFollowed ? possibleFollowers(call, shape) : [];
}

/** The calls that an answer may create, whatever it says. */
export function possibleFollowers(call: number, shape: PlanShape): number[] {
  const { roots } = placeOf(call, shape);
  if (shape.kind === 'list') return [call + roots];
  const root = rootOf(call, shape);
  const first = 2 * ordinalOf(call, shape) + 1;
  return [root + first * roots, root + (first + 1) * roots];
}

/** The call of the same run whose answer created a call. Null for a root. */
export function callBefore(call: number, shape: PlanShape): number | null {
  const ordinal = ordinalOf(call, shape);
  if (ordinal === 0) return null;
  return rootOf(call, shape) + (shape.kind === 'list' ? ordinal - 1 : parentOf(ordinal)) * placeOf(call, shape).roots;
}

/** The pages of a call's list in the same run, from the first to its own. */
export function pagesUpTo(call: number, shape: PlanShape): number[] {
  const root = rootOf(call, shape);
  const { roots } = placeOf(call, shape);
  return Array.from({ length: ordinalOf(call, shape) + 1 }, (_, page) => root + page * roots);
}

/** The highest call that can follow, in the same run, from any call up to this one. */
export function lastFollower(call: number, shape: PlanShape): number {
  const ordinal = ordinalOf(call, shape);
  const { base, roots } = placeOf(call, shape);
  return base + roots * (1 + (shape.kind === 'list' ? ordinal + 1 : 2 * ordinal + 2));
}

/** The targets of a call, from the part of the plan that holds its root. This is the only place that computes them. */
export function targetsOf<Target>(
  part: readonly (readonly Target[])[],
  call: number,
  shape: PlanShape,
): readonly Target[] | null {
  const targets = part[placeInPart(call, shape)];
  if (targets === undefined) return null;
  return shape.kind === 'list' ? targets : halfOf(targets, ordinalOf(call, shape));
}

/** Which call of its part holds a call's root, from 0. */
export function placeInPart(call: number, shape: PlanShape): number {
  const { base, callsPerPart } = runOf(call, shape);
  return (rootOf(call, shape) - base - 1) % callsPerPart;
}

function halfOf<T>(targets: readonly T[], node: number): readonly T[] {
  if (node === 0) return targets;
  const whole = halfOf(targets, parentOf(node));
  const middle = middleOf(whole.length);
  return node % 2 === 1 ? whole.slice(0, middle) : whole.slice(middle);
}

/** How many of the targets of a split call its first half has. */
export function middleOf(targets: number): number {
  return Math.ceil(targets / 2);
}

function parentOf(node: number): number {
  return (node - 1) >> 1;
}
