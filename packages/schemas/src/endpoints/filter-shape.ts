/** Most conditions in one filter. */
export const MAX_CONDITIONS = 8;

/** No filter of 8 conditions needs more. A deeper one would overflow the stack of the function that walks it. */
const MAX_DEPTH = 16;
const MAX_SHOWN = 80;

/** A filter as a tree. In a flat list `and` binds tighter than `or`. */
export type FilterTree =
  | { readonly kind: 'condition'; readonly parts: readonly unknown[] }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly FilterTree[] };

/** A filter taken apart: its tree, its conditions, and what is wrong with the way they are joined. */
export interface FilterShape {
  /** Null if something is wrong. */
  readonly tree: FilterTree | null;
  readonly conditions: readonly (readonly unknown[])[];
  readonly shapes: readonly string[];
  readonly tooMany: boolean;
}

interface Walk {
  readonly conditions: unknown[][];
  readonly shapes: string[];
  tooMany: boolean;
}

/** Walks a filter until it is done or has too many conditions, so that its cost is bounded whatever was sent. */
export function conditionsOf(filter: unknown): FilterShape {
  const walk: Walk = { conditions: [], shapes: [], tooMany: false };
  const tree = visit(filter, 0, walk);
  return { ...walk, tree: walk.tooMany || walk.shapes.length > 0 ? null : tree };
}

/** A value for a message: short, and never the inside of a list or an object. */
export function show(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

function visit(filter: unknown, depth: number, walk: Walk): FilterTree | null {
  if (!Array.isArray(filter) || filter.length === 0) {
    walk.shapes.push('must be a condition ["field", "operator", value], or conditions joined by "and" or "or"');
  } else if (depth > MAX_DEPTH) {
    walk.shapes.push(`is nested more than ${MAX_DEPTH} deep`);
  } else if (typeof filter[0] !== 'string') {
    return visitGroup(filter, depth, walk);
  } else if (walk.conditions.length === MAX_CONDITIONS) {
    walk.tooMany = true;
  } else {
    walk.conditions.push(filter);
    return { kind: 'condition', parts: filter };
  }
  return null;
}

function visitGroup(group: readonly unknown[], depth: number, walk: Walk): FilterTree | null {
  const alternatives: FilterTree[][] = [[]];
  for (const [index, part] of group.entries()) {
    // One finding of these kinds is enough: a filter this wrong is not read to its end.
    if (walk.tooMany || walk.shapes.length > 0) return null;
    if (index % 2 === 0) alternatives.at(-1)?.push(...[visit(part, depth + 1, walk)].filter((tree) => tree !== null));
    else walk.shapes.push(...jointProblems(part, index === group.length - 1));
    if (part === 'or') alternatives.push([]);
  }
  return joined(
    'or',
    alternatives.map((parts) => joined('and', parts)),
  );
}

function jointProblems(part: unknown, isLast: boolean): string[] {
  if (part !== 'and' && part !== 'or') return [`needs "and" or "or" between two conditions, not ${show(part)}`];
  return isLast ? [`ends with "${part}", a condition must follow`] : [];
}

function joined(kind: 'and' | 'or', parts: readonly FilterTree[]): FilterTree {
  const [first, ...others] = parts;
  return first !== undefined && others.length === 0 ? first : { kind, parts };
}
