import type { Endpoint } from '@linkhaul/schemas';
import type { EndpointForm, FieldNames, ParameterForm } from '../src/pages/new-job/parameters/parameter-form.js';

type Schema = Readonly<Record<string, unknown>>;

/** An endpoint as a form shows it: all from its schema, which is also what a request is checked against. */
export function endpointForm({ title, gives, kind, acceptsPages, params }: Endpoint): EndpointForm {
  const { properties = {} } = params.toJSONSchema({ io: 'input' });
  const forms = Object.entries(properties).map(([name, schema]) =>
    formOf(name, typeof schema === 'object' ? { ...schema } : {}),
  );
  const isPaged = kind === 'list' || kind === 'set';
  return { title, gives, isPaged, takesSets: kind === 'set', acceptsPages, params: forms };
}

/** Gives the page the forms as data: zod and the schemas' own code stay out of it. */
export function endpointForms() {
  const name = 'virtual:endpoint-forms';
  const id = `\0${name}`;
  return {
    name: 'endpoint-forms',
    resolveId: (wanted: string) => (wanted === name ? id : null),
    async load(wanted: string) {
      if (wanted !== id) return null;
      // Only now: the configuration of the tests is read where nothing is built yet.
      const { ENDPOINTS } = await import('@linkhaul/schemas');
      const forms = Object.values<Endpoint>(ENDPOINTS).map((endpoint) => [endpoint.name, endpointForm(endpoint)]);
      // A text that is parsed is smaller and faster than the same as code.
      return `export const ENDPOINT_FORMS = JSON.parse(${JSON.stringify(JSON.stringify(Object.fromEntries(forms)))});`;
    },
  };
}

function formOf(name: string, schema: Schema): ParameterForm {
  const base = { name, meaning: typeof schema.description === 'string' ? schema.description : '' };
  const { type, 'x-default': usual } = schema;
  const operators = textsOf(schema['x-operators']);
  if (operators.length > 0) return { ...base, kind: 'filters', fields: fieldsOf(schema), operators };
  const fields = fieldsOf(schema);
  if (fields !== null) return { ...base, kind: 'order', fields, most: numberOf(schema.maxItems) ?? 1 };
  if (type === 'boolean') return { ...base, kind: 'flag', usual: typeof usual === 'boolean' ? usual : null };
  const options = textsOf(schema.enum);
  if (options.length > 0) return { ...base, kind: 'choice', usual: typeof usual === 'string' ? usual : null, options };
  if (type === 'integer' || type === 'number') {
    const [least, most] = [numberOf(schema.minimum), numberOf(schema.maximum)];
    return { ...base, kind: 'number', usual: numberOf(usual), least, most };
  }
  return { ...base, kind: type === 'string' ? 'text' : 'json' };
}

function fieldsOf(schema: Schema): FieldNames | null {
  if (schema['x-fields'] === undefined) return null;
  return { fields: textsOf(schema['x-fields']), maps: textsOf(schema['x-maps']) };
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
