import { type ColumnType, type EndpointName, endpointOf, itemFields, nearest } from '@linkhaul/schemas';
import { invalidRequest } from '../problem.js';

/** A field of an item that is compared. */
export interface DiffField {
  /** Its path with dots, as in the upstream's filters. */
  readonly name: string;
  readonly path: readonly string[];
  readonly type: ColumnType;
}

/** The fields of an endpoint's items that are named; every number where none is. */
export function parseFields(names: readonly string[] | undefined, endpoint: EndpointName): DiffField[] {
  const all = fieldsOf(endpoint);
  if (names === undefined) return all.filter(({ type }) => type === 'integer' || type === 'number');
  return [...new Set(names)].map((wanted) => {
    const field = all.find(({ name }) => name === wanted);
    if (field !== undefined) return field;
    if (wanted === '') throw invalidRequest('fields', 'must be names of fields, separated by commas');
    const near = nearest(
      wanted,
      all.map(({ name }) => name),
    );
    throw invalidRequest('fields', `there is no ${wanted}${near === null ? '' : `, did you mean \`${near}\`?`}`);
  });
}

/** The value of a field, or null. */
export function valueAt(item: unknown, path: readonly string[]): unknown {
  let value = item;
  for (const name of path) value = isRecord(value) && Object.hasOwn(value, name) ? value[name] : null;
  return value ?? null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function fieldsOf(endpoint: EndpointName): DiffField[] {
  const known = endpointOf(endpoint);
  const key = known.kind === 'list' ? known.keyField : known.targetField;
  return itemFields(endpoint)
    .map(({ path, type }) => ({ name: path.join('.'), path, type }))
    .filter(({ name }) => name !== key);
}
