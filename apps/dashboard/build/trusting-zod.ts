/** The part of a zod schema that the page's code and the client use. */
interface TrustingSchema {
  readonly options: readonly unknown[];
  parse(value: unknown): unknown;
  safeParse(value: unknown): { readonly success: boolean; readonly data?: unknown };
}

/**
 * Stands for zod in the page, where zod itself would be a third of all script: schemas that take every answer as it is.
 * The page was sent by the service whose answers it reads. Only sets of names, which also come from addresses, are checked.
 */
export const z: unknown = new Proxy(
  {},
  { get: (_, name) => (name === 'enum' ? (names: readonly unknown[]) => schemaOf(names) : schemaOf([])) },
);

/** Every method of a schema, and every property, is the schema again. */
function schemaOf(options: readonly unknown[]): unknown {
  const own: TrustingSchema = {
    options,
    parse: (value) => value,
    safeParse: (data) =>
      options.length === 0 || options.includes(data) ? { success: true, data } : { success: false },
  };
  const schema: unknown = new Proxy(() => schema, {
    get: (_, name) => (name in own ? Reflect.get(own, name) : schema),
    apply: () => schema,
  });
  return schema;
}
