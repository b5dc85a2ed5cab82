declare module 'virtual:item-columns' {
  type FieldType = ReturnType<typeof import('@linkhaul/schemas').itemFields>[number]['type'];

  interface ItemColumns {
    /** The fields of the items by path and type: `[['page_summary', 'rank'], 'integer']`. */
    readonly fields: readonly (readonly [path: readonly string[], type: FieldType])[];
    /** The fields that people look at first, such as `page_summary.rank`. */
    readonly firstShown: readonly string[];
  }

  export const ITEM_COLUMNS: Readonly<Record<import('@linkhaul/schemas').EndpointName, ItemColumns>>;
}
