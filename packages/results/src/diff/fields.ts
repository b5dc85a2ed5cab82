import { type AlertRule, type ColumnType, type EndpointName, endpointOf, itemFields } from '@linkhaul/schemas';

/** A field of an item that is compared. */
export interface DiffField {
  /** Its path, with dots, as in the upstream's filters: `info.country`. */
  readonly name: string;
  readonly path: readonly string[];
  readonly type: ColumnType;
}

/** The value of a field, or null. */
export function valueAt(item: unknown, path: readonly string[]): unknown {
  let value = item;
  for (const name of path) value = isRecord(value) && Object.hasOwn(value, name) ? value[name] : null;
  return value ?? null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The fields that can be compared: all fields of an item except those that name it. */
export function fieldsOf(endpoint: EndpointName): DiffField[] {
  const known = endpointOf(endpoint);
  const named = known.kind === 'bulk' ? [known.targetField] : (known.key?.members ?? []);
  return itemFields(endpoint)
    .map(({ path, type }) => ({ name: path.join('.'), path, type }))
    .filter(({ name }) => !named.includes(name));
}

/** Whether the field is a number, so that it can be added up. */
export function isNumeric({ type }: DiffField): boolean {
  return type === 'integer' || type === 'number';
}

const USUAL = /(^|\.)backlinks$/;

/** The field by which a watch shows how much has changed: that of its first rule about a number, or else a usual one. */
export function mainFieldOf(endpoint: EndpointName, rules: readonly AlertRule[]): string {
  const numbers = fieldsOf(endpoint).filter(isNumeric);
  const named = rules.flatMap(({ field }) => numbers.filter(({ name }) => name === field))[0];
  return (named ?? numbers.find(({ name }) => USUAL.test(name)) ?? numbers[0])?.name ?? '';
}
