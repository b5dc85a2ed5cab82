import { type Condition, filterOf, type OrderRule, orderOf } from './filters.js';
import type { ParameterForm } from './parameter-form.js';

/** The values in the form, by parameter. They outlive a change of endpoint, but only the endpoint's own parameters are sent. */
export interface ParamsDraft {
  readonly flags: Readonly<Record<string, boolean>>;
  readonly texts: Readonly<Record<string, string>>;
  readonly filters: Readonly<Record<string, readonly Condition[]>>;
  readonly orders: Readonly<Record<string, readonly OrderRule[]>>;
}

export const NO_PARAMS: ParamsDraft = { flags: {}, texts: {}, filters: {}, orders: {} };

/** The parameters that differ from the upstream's defaults. */
export function paramsOf(forms: readonly ParameterForm[], draft: ParamsDraft): Record<string, unknown> {
  const entries = forms.map((form) => [form.name, sentValue(form, draft)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function sentValue(form: ParameterForm, { flags, texts, filters, orders }: ParamsDraft): unknown {
  const text = texts[form.name] ?? '';
  switch (form.kind) {
    case 'flag':
      return unlessUsual(flags[form.name], form.usual);
    case 'choice':
      return unlessUsual(text === '' ? undefined : text, form.usual);
    case 'number':
      return unlessUsual(text === '' ? undefined : numberOrText(text), form.usual);
    case 'filters':
      return filterOf(filters[form.name] ?? []);
    case 'order':
      return orderOf(orders[form.name] ?? []);
    case 'text':
      return text === '' ? undefined : text;
    case 'json':
      return text.trim() === '' ? undefined : jsonOrText(text);
  }
}

function unlessUsual<T>(value: T | undefined, usual: unknown): T | undefined {
  return value === usual ? undefined : value;
}

/** A text that is not a number is sent unchanged: the service then says what the field should be. */
export function numberOrText(text: string): number | string {
  const number = Number(text.trim());
  return text.trim() === '' || Number.isNaN(number) ? text : number;
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
