/** A parameter of an endpoint, described for the form. Made from the schemas when the page is built. */
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
  /** A type without a control of its own: the user writes JSON. */
  | { readonly kind: 'json' }
);

/** The fields that a filter or a sorting rule may name. A map's name is followed by a dot and one of its keys. */
export interface FieldNames {
  readonly fields: readonly string[];
  readonly maps: readonly string[];
}

export interface EndpointForm {
  readonly title: string;
  readonly gives: string;
  /** Whether the endpoint returns any number of items per target, in pages. */
  readonly isPaged: boolean;
  /** Whether each row of a list is a set of targets. */
  readonly takesSets: boolean;
  readonly acceptsPages: boolean;
  readonly params: readonly ParameterForm[];
}
