import { submission } from '@linkhaul/schemas';
import { invalidRequest } from '../../problem.js';
import { createSchemas } from '../../request/json-schemas.js';
import { createParameterReader } from '../../request/parameter-values.js';
import { parametersOf } from '../../request/shown-parameters.js';
import { refuseUnknownField } from './fields.js';

const schemas = createSchemas();
const READERS = new Map(
  parametersOf('query', submission, schemas).map((parameter) => [
    parameter.name,
    createParameterReader(parameter, schemas),
  ]),
);

/** The fields of a submission in the query, read by the schema that the documentation shows. `others` are parameters read elsewhere. */
export function fieldsFromQuery(
  query: Readonly<Record<string, string>>,
  others: readonly string[],
): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(query)) {
    refuseUnknownField(name, { source: 'query', others });
    const reader = READERS.get(name);
    if (reader === undefined) continue;
    fields[name] = reader.read(text);
    if (fields[name] === undefined) throw invalidRequest(name, reader.expected ?? 'has another form');
  }
  return fields;
}
