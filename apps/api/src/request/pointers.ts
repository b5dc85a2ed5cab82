/** Whether fields came in a JSON body, or in the query beside a list. An error's pointer depends on it. */
export type FieldSource = 'json' | 'query';

/** A JSON pointer into the body, or the parameter's name followed by a pointer into its value (`params/limit`). */
export function pointTo(source: FieldSource, path: readonly PropertyKey[]): string {
  const steps = path.map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1'));
  if (source === 'json') return steps.map((step) => `/${step}`).join('');
  return [String(path[0] ?? ''), ...steps.slice(1)].join('/');
}
