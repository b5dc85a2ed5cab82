declare module 'virtual:item-columns' {
  type FieldType = ReturnType<typeof import('@linkhaul/schemas').itemFields>[number]['type'];

  /** The fields of each endpoint's items by path and type: `[['page_summary', 'rank'], 'integer']`. */
  export const ITEM_COLUMNS: Readonly<
    Record<import('@linkhaul/schemas').EndpointName, readonly (readonly [path: readonly string[], type: FieldType])[]>
  >;
}
