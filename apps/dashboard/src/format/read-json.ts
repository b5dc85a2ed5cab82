/** A JSON object's fields, each still to be checked; null for anything else. */
export function fieldsIn(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : null;
}

export function textIn(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
