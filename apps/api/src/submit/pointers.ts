/** How fields were given: in a JSON body, or in the query beside a list. It decides how a refusal points at one. */
export type FieldSource = 'json' | 'query';

/** A JSON pointer into the body; for the query the parameter's name, with a pointer into what it holds. */
export function pointTo(source: FieldSource, path: readonly PropertyKey[]): string {
  const steps = path.map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1'));
  if (source === 'json') return steps.map((step) => `/${step}`).join('');
  return [String(path[0] ?? ''), ...steps.slice(1)].join('/');
}
