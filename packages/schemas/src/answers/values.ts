/** An object as JSON gives it. */
export type JsonObject = { readonly [name: string]: unknown };

/** The number grammar of JSON (RFC 8259, section 6), which a number in text must follow to the letter. */
const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** A number, or the same number as text. Null for anything else, such as `""`, `true` and `[1]`. */
export function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** More than any call costs. A larger amount is an error, and sums with it would break. */
const MOST_USD = 1000;

/** US dollars that a call or an item costs. Null if the value is not such an amount. */
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
 * The elements of a field that should hold a list: those of the list, the values of a map with numeric keys (as PHP writes
 * lists), or a single value without a list. Null elements are kept; an empty object is an empty list.
 */
export function elementsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return [];
  return Object.keys(value).every((key) => /^\d+$/.test(key)) ? Object.values(value) : [value];
}

/** Like `elementsOf`, but only the objects. */
export function objectsOf(value: unknown): readonly JsonObject[] {
  return elementsOf(value).filter(isObject);
}
