/** The fields of a JSON object, still unchecked; null for any other value. */
export function fieldsIn(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : null;
}

export function textIn(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
