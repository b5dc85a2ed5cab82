/** A parameter of an endpoint as a form shows it. Made from the schemas when the page is built. */
export type ParameterForm = { readonly name: string; readonly meaning: string } & (
  | { readonly kind: 'flag'; readonly usual: boolean | null }
  | { readonly kind: 'choice'; readonly usual: string | null; readonly options: readonly string[] }
  | {
      readonly kind: 'number';
      readonly usual: number | null;
      readonly least: number | null;
      readonly most: number | null;
    }
  | { readonly kind: 'filters'; readonly fields: FieldNames | null; readonly operators: readonly string[] }
  | { readonly kind: 'order'; readonly fields: FieldNames; readonly most: number }
  | { readonly kind: 'text' }
  /** Of a form that has no field of its own: it is written as JSON. */
  | { readonly kind: 'json' }
);

/** Fields that a filter or a sort may name; a map is followed by a dot and one of its keys. */
export interface FieldNames {
  readonly fields: readonly string[];
  readonly maps: readonly string[];
}

export interface EndpointForm {
  readonly title: string;
  readonly gives: string;
  /** The endpoint gives any number of items for a target, in pages. */
  readonly isPaged: boolean;
  /** A row of a list is a set of targets. */
  readonly takesSets: boolean;
  readonly acceptsPages: boolean;
  readonly params: readonly ParameterForm[];
}
