/** A condition as it was typed, possibly incomplete. */
export interface Condition {
  /** How it is joined to the previous condition. */
  readonly joint: 'and' | 'or';
  readonly field: string;
  /** If the field is a map: which of its counts. */
  readonly key: string;
  readonly operator: string;
  readonly value: string;
}

export interface OrderRule {
  readonly field: string;
  readonly key: string;
  readonly direction: 'asc' | 'desc';
}

/** Operators whose value is always a text, even if it looks like a number. */
const OF_TEXT = /regex|like|match/;

/** The filter in the service's form; undefined if no condition is complete. */
export function filterOf(conditions: readonly Condition[]): unknown[] | undefined {
  const parts: unknown[] = [];
  for (const condition of conditions.filter(isComplete)) {
    if (parts.length > 0) parts.push(condition.joint);
    parts.push([nameOf(condition), condition.operator, comparedWith(condition)]);
  }
  return parts.length === 0 ? undefined : parts;
}

export function orderOf(rules: readonly OrderRule[]): string[] | undefined {
  const chosen = rules.filter(({ field }) => field !== '').map((rule) => `${nameOf(rule)},${rule.direction}`);
  return chosen.length === 0 ? undefined : chosen;
}

/** Whether both `and` and `or` occur, so that a reader may wonder which binds first. */
export function isMixed(conditions: readonly Condition[]): boolean {
  return (
    new Set(
      conditions
        .filter(isComplete)
        .slice(1)
        .map(({ joint }) => joint),
    ).size > 1
  );
}

function isComplete({ field, operator, value }: Condition): boolean {
  return field !== '' && operator !== '' && value !== '';
}

function nameOf({ field, key }: { readonly field: string; readonly key: string }): string {
  return key === '' ? field : `${field}.${key}`;
}

function comparedWith({ operator, value }: Condition): unknown {
  if (operator === 'in' || operator === 'not_in') return value.split(',').map((one) => scalarOf(one.trim()));
  return OF_TEXT.test(operator) ? value : scalarOf(value.trim());
}

/** Numbers, `true`, `false` and `null` have their own types; anything in quotation marks is a text. */
function scalarOf(text: string): string | number | boolean | null {
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (text === 'null') return null;
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return /^"(.*)"$/.exec(text)?.[1] ?? text;
}
