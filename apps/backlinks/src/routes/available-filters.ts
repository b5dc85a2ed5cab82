import { ANSWERS } from '../answers/index.js';
import type { AppContext, Deps } from '../context.js';
import type { FieldTable } from '../filters/fields.js';
import { freeGet } from '../free-task.js';

/**
 * `GET /v3/backlinks/available_filters`: the fields that filters may name, by endpoint, with their types. A name that
 * ends in `.*` stands for every key of a map. `backlinks_filters` takes those of `backlinks` that a link has in the graph. Free.
 */
export function availableFilters(deps: Deps): (c: AppContext) => Promise<Response> {
  const listed = Object.entries(ANSWERS).flatMap(([name, answer]) => {
    if ('fields' in answer) return [[name, typesOf(answer.fields)]];
    return 'fieldsOf' in answer ? [[name, typesOfSet(answer.fieldsOf('page'))]] : [];
  });
  const result = Object.fromEntries(listed);
  return freeGet(deps, { id: 'available_filters', api: 'backlinks', name: 'available_filters' }, () => [result]);
}

/** The upstream writes the number of a target as `$key`. */
function typesOfSet(ofEach: FieldTable): Record<string, string> {
  const numbered = Object.entries(typesOf(ofEach)).map(([name, type]) => [`$key.${name}`, type]);
  return Object.fromEntries([...numbered, ['intersections_count', 'num']]);
}

function typesOf({ fields, maps }: FieldTable): Record<string, string> {
  return Object.fromEntries([
    ...[...fields].map(([name, { type }]) => [name, type]),
    ...[...maps].map(([name, { type }]) => [`${name}.*`, type]),
  ]);
}
