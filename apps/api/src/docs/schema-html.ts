import { html, type Markup, prose } from './markup.js';
import type { SchemaView } from './read-document.js';

/** A type in a few words, with links to the schemas that have a name. */
export function typeHtml(schema: SchemaView): Markup {
  if (schema.$ref !== undefined) return refHtml(schema.$ref);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return joined(choices.map(typeHtml), ' or ');
  if (schema.enum !== undefined) return joined(schema.enum.map(valueHtml), ' · ');
  if (schema.const !== undefined) return valueHtml(schema.const);
  if (schema.type === 'array') return html`list of ${typeHtml(schema.items ?? {})}${limits(schema)}`;
  if (schema.type === 'object') return objectType(schema);
  if (schema['x-line'] !== undefined) return html`lines, each ${typeHtml(schema['x-line'])}`;
  const names = schema.type === undefined ? ['any'] : [schema.type].flat();
  return html`${schema.format === 'date-time' ? 'time' : (schema.format ?? names.join(' or '))}${limits(schema)}`;
}

/** The fields of an object, with nested fields below their parent. If all are required, none is marked. */
export function fieldsHtml({ properties = {}, required = [] }: SchemaView): Markup {
  const entries = Object.entries(properties);
  if (entries.length === 0) return html`<p class="quiet">No fields.</p>`;
  return html`<ul class="fields">${entries.map(([name, field]) => fieldHtml(name, field, required.length < entries.length && required.includes(name)))}</ul>`;
}

function fieldHtml(name: string, field: SchemaView, required: boolean): Markup {
  const inner = objectIn(field);
  return html`<li><code class="name">${name}</code> <span class="type">${typeHtml(field)}</span>${required && html` <span class="must">required</span>`}${defaultHtml(field)}
${field.description !== undefined && prose(field.description)}${inner !== undefined && fieldsHtml(inner)}</li>`;
}

/** The object schema of a field that is an object, a list of objects, or an object or null. */
function objectIn(field: SchemaView): SchemaView | undefined {
  if (field.properties !== undefined) return field;
  if (field.items !== undefined) return objectIn(field.items);
  return (field.anyOf ?? field.oneOf)?.find((choice) => choice.properties !== undefined);
}

/** An empty default is not shown. */
export function defaultHtml({ default: value }: SchemaView): Markup {
  if (value === undefined || JSON.stringify(value) === '{}') return html``;
  return html` <span class="quiet">default ${valueHtml(value)}</span>`;
}

function refHtml(ref: string): Markup {
  const name = ref.slice(ref.lastIndexOf('/') + 1);
  return html`<a href="#schema-${name}">${name}</a>`;
}

function objectType({ additionalProperties: values }: SchemaView): Markup {
  if (typeof values !== 'object' || Object.keys(values).length === 0) return html`object`;
  return html`object of ${typeHtml(values)}`;
}

function limits({ minimum, maximum, exclusiveMinimum, minLength, maxLength, maxItems }: SchemaView): Markup {
  const parts = [
    exclusiveMinimum !== undefined && `above ${exclusiveMinimum}`,
    range(minimum, maximum),
    range(minLength, maxLength, ' characters'),
    range(undefined, maxItems, ' of them'),
  ].filter((part) => part !== false);
  return parts.length === 0 ? html`` : html` (${parts.join(', ')})`;
}

function range(least: number | undefined, most: number | undefined, unit = ''): string | false {
  const [from, to] = [least, most].map((end) => end?.toLocaleString('en'));
  if (from !== undefined && to !== undefined) return `${from} to ${to}${unit}`;
  if (from !== undefined) return `${from} or more${unit}`;
  return to !== undefined && `at most ${to}${unit}`;
}

function valueHtml(value: unknown): Markup {
  return html`<code>${typeof value === 'string' ? value : JSON.stringify(value)}</code>`;
}

function joined(parts: readonly Markup[], joint: string): Markup {
  return html`${parts.map((part, at) => (at === 0 ? part : html`${joint}${part}`))}`;
}
