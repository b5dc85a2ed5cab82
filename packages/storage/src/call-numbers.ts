import type { AnswerHeader } from './answers.js';
import type { PlannedTarget } from './plans.js';

/**
 * How the calls of a job are numbered. Its plan holds the root calls, 1 to `roots`; the further calls of a root have
 * numbers that can be computed, so that they need neither a place in storage nor a counter: that of ordinal n is
 * `root + n × roots`. What n means follows from the endpoint's kind. Of a list, it is the page. Of a bulk call, it is
 * the node in the tree of halves that the call was split into: the halves of node n are 2n + 1 and 2n + 2.
 */
export interface PlanShape {
  readonly kind: 'bulk' | 'list';
  readonly roots: number;
  readonly callsPerPart: number;
}

type Roots = Pick<PlanShape, 'roots'>;

export function rootOf(call: number, { roots }: Roots): number {
  return ((call - 1) % roots) + 1;
}

/** Which of its root's calls it is: its page, or its node. The root itself is 0. */
export function ordinalOf(call: number, { roots }: Roots): number {
  return Math.floor((call - 1) / roots);
}

export function partOf(root: number, { callsPerPart }: Pick<PlanShape, 'callsPerPart'>): number {
  return Math.floor((root - 1) / callsPerPart);
}

/** The calls that exist because of an answer: the next page, or the halves of a call that was split. */
export function followersOf({ call, outcome }: Pick<AnswerHeader, 'call' | 'outcome'>, shape: PlanShape): number[] {
  if (outcome.kind === 'list' && outcome.status === null) return [call + shape.roots];
  if (outcome.kind !== 'split') return [];
  const root = rootOf(call, shape);
  const first = 2 * ordinalOf(call, shape) + 1;
  return [root + first * shape.roots, root + (first + 1) * shape.roots];
}

/** The call whose answer a call exists for, or null for a root. */
export function callBefore(call: number, shape: PlanShape): number | null {
  const ordinal = ordinalOf(call, shape);
  if (ordinal === 0) return null;
  return rootOf(call, shape) + (shape.kind === 'list' ? ordinal - 1 : parentOf(ordinal)) * shape.roots;
}

/** No call above this one can follow from one that is not above another. */
export function lastFollower(call: number, shape: PlanShape): number {
  const ordinal = ordinalOf(call, shape);
  return shape.roots * (1 + (shape.kind === 'list' ? ordinal + 1 : 2 * ordinal + 2));
}

/** What a call asks about, out of the part of the plan that holds its root: nothing else says which targets are its own. */
export function targetsOf(
  part: readonly (readonly PlannedTarget[])[],
  call: number,
  shape: PlanShape,
): readonly PlannedTarget[] | null {
  const root = rootOf(call, shape);
  const targets = part[root - 1 - partOf(root, shape) * shape.callsPerPart];
  if (targets === undefined) return null;
  return shape.kind === 'list' ? targets : halfOf(targets, ordinalOf(call, shape));
}

function halfOf<T>(targets: readonly T[], node: number): readonly T[] {
  if (node === 0) return targets;
  const whole = halfOf(targets, parentOf(node));
  const middle = Math.ceil(whole.length / 2);
  return node % 2 === 1 ? whole.slice(0, middle) : whole.slice(middle);
}

function parentOf(node: number): number {
  return (node - 1) >> 1;
}
