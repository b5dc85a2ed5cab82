import { ITEM_COLUMNS } from 'virtual:item-columns';
import type { EndpointName, Result } from '@linkhaul/schemas';

export type CellKind = 'number' | 'time' | 'text' | 'shape';

export interface ResultColumn {
  /** The path of the value in a result, such as `input` or `data.page_summary.rank`. */
  readonly name: string;
  readonly title: string;
  readonly kind: CellKind;
  readonly valueOf: (result: Result) => unknown;
}

/** Columns in addition to the row's number, target and outcome, which every table has. */
const LINE_COLUMNS: readonly ResultColumn[] = [
  { name: 'input', title: 'Input', kind: 'text', valueOf: ({ input }) => input },
  { name: 'id', title: 'Id', kind: 'text', valueOf: ({ id }) => id },
  { name: 'position', title: 'Position', kind: 'number', valueOf: ({ position }) => position },
  { name: 'duplicate_of', title: 'Duplicate of line', kind: 'number', valueOf: ({ duplicate_of }) => duplicate_of },
  { name: 'call', title: 'Call', kind: 'number', valueOf: ({ call }) => call },
  { name: 'fetched_at', title: 'Fetched', kind: 'time', valueOf: ({ fetched_at }) => fetched_at },
  { name: 'error', title: 'Error', kind: 'text', valueOf: ({ error }) => error?.message ?? null },
];

const KINDS = {
  text: 'text',
  boolean: 'text',
  integer: 'number',
  number: 'number',
  time: 'time',
  json: 'shape',
} as const;

/** Every column that can be shown for an endpoint, those of the item first. */
export function columnsOf(endpoint: EndpointName): readonly ResultColumn[] {
  const ofItem = ITEM_COLUMNS[endpoint].fields.map(
    ([path, type]): ResultColumn => ({
      name: inData(path.join('.')),
      title: titleOf(path.at(-1) ?? ''),
      kind: KINDS[type],
      valueOf: ({ data }) => valueAt(data, path),
    }),
  );
  return [...ofItem, ...LINE_COLUMNS];
}

export function firstShown(endpoint: EndpointName): readonly string[] {
  return ITEM_COLUMNS[endpoint].firstShown.map(inData);
}

function inData(name: string): string {
  return `data.${name}`;
}

/** Turns `referring_links_tld` into `Referring links TLD`. */
function titleOf(name: string): string {
  const words = name.replaceAll('_', ' ').replace(/\b(url|tld|ip)\b/g, (word) => word.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function valueAt(data: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : null,
    data,
  );
}
