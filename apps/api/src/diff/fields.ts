import { type DiffField, fieldsOf, isNumeric } from '@linkhaul/results';
import { type EndpointName, nearest } from '@linkhaul/schemas';
import { invalidRequest } from '../problem.js';

/** The fields with these names; by default every numeric field of the endpoint's items. */
export function parseFields(names: readonly string[] | undefined, endpoint: EndpointName): DiffField[] {
  if (names === undefined) return fieldsOf(endpoint).filter(isNumeric);
  return [...new Set(names)].map((wanted) => parseField(wanted, { endpoint, pointer: 'fields' }));
}

/** A field of an endpoint's items, by its name. */
export function parseField(wanted: string, at: { endpoint: EndpointName; pointer: string }): DiffField {
  const all = fieldsOf(at.endpoint);
  const field = all.find(({ name }) => name === wanted);
  if (field !== undefined) return field;
  if (wanted === '') throw invalidRequest(at.pointer, 'must be names of fields, separated by commas');
  const near = nearest(
    wanted,
    all.map(({ name }) => name),
  );
  throw invalidRequest(at.pointer, `there is no ${wanted}${near === null ? '' : `, did you mean \`${near}\`?`}`);
}
