import { z } from 'zod';
import { invalidRequest } from '../../problem.js';
import { createSchemas } from '../../request/json-schemas.js';
import { createParameterReader } from '../../request/parameter-values.js';
import { parametersOf } from '../../request/shown-parameters.js';
import { type FieldForm, refuseUnknownField } from './fields.js';

const schemas = createSchemas();

function readersOf({ schema: { shape } }: FieldForm) {
  const parameters = parametersOf('query', z.object(shape), schemas);
  return new Map(parameters.map((parameter) => [parameter.name, createParameterReader(parameter, schemas)]));
}

/** The readers of each form, made at its first use. */
const made = new Map<FieldForm, ReturnType<typeof readersOf>>();

/** A form's fields in the query, read by the documented schema. `others` are parameters that are read elsewhere. */
export function fieldsFromQuery(
  query: Readonly<Record<string, string>>,
  form: FieldForm,
  others: readonly string[],
): Record<string, unknown> {
  const readers = made.get(form) ?? readersOf(form);
  made.set(form, readers);
  const fields: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(query)) {
    refuseUnknownField(name, { source: 'query', form, others });
    const reader = readers.get(name);
    if (reader === undefined) continue;
    fields[name] = reader.read(text);
    if (fields[name] === undefined) throw invalidRequest(name, reader.expected ?? 'has another form');
  }
  return fields;
}
