/** An object as JSON gives it. */
export type JsonObject = { readonly [name: string]: unknown };

/** The number grammar of JSON (RFC 8259, section 6), which a number in text must follow to the letter. */
const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** A number, or the same number as text. Anything else, `""`, `true` and `[1]` among it, is no number: null. */
export function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** More than any call costs: a larger amount is none, and sums with it would break. */
const MOST_USD = 1000;

/** US dollars that a call or an item costs; null where the value is no such amount. */
export function chargeOf(value: unknown): number | null {
  const usd = numberOf(value);
  return usd !== null && usd >= 0 && usd <= MOST_USD ? usd : null;
}

/** A text, or a number as text: ids come as both. Null where there is none. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * What a field that lists things holds, in order: the elements of a list, the values of a map with numeric keys (PHP writes
 * lists so), or a thing that stands there without its list. Null elements are kept; an empty object is an empty list.
 */
export function elementsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return [];
  return Object.keys(value).every((key) => /^\d+$/.test(key)) ? Object.values(value) : [value];
}

/** The same, of objects alone. */
export function objectsOf(value: unknown): readonly JsonObject[] {
  return elementsOf(value).filter(isObject);
}
