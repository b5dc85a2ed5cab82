/** A condition as it is typed in: nothing of it need be complete. */
export interface Condition {
  /** Joins it to the condition before. */
  readonly joint: 'and' | 'or';
  readonly field: string;
  /** Of a field that is a map: which of its counts. */
  readonly key: string;
  readonly operator: string;
  readonly value: string;
}

export interface OrderRule {
  readonly field: string;
  readonly key: string;
  readonly direction: 'asc' | 'desc';
}

/** Operators that take their text as it stands, though it looks like a number. */
const OF_TEXT = /regex|like|match/;

/** The filter in the service's form; undefined while no condition is complete. */
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

/** True where `and` and `or` stand side by side, so that a reader may wonder which binds first. */
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

/** Numbers, `true`, `false` and `null` are what they say; in quotation marks anything is a text. */
function scalarOf(text: string): string | number | boolean | null {
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (text === 'null') return null;
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return /^"(.*)"$/.exec(text)?.[1] ?? text;
}
