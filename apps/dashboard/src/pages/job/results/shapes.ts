/** What a table shows for a value that is neither a number nor a text. It is short, and cheap to keep for a million rows. */
export type Shape =
  | { readonly kind: 'entries'; readonly largest: readonly Entry[]; readonly others: number; readonly sum: number }
  | { readonly kind: 'series'; readonly points: readonly number[] }
  | { readonly kind: 'text'; readonly text: string };

type Entry = readonly [name: string, value: number];

const LARGEST = 3;
const MOST_POINTS = 60;
const MOST_CHARACTERS = 200;
const DATE = /^\d{4}-\d{2}/;

/** Null for values without content: null, an empty map, an empty list. */
export function shapeOf(value: unknown): Shape | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return listShape(value);
  if (typeof value === 'object') return mapShape(Object.entries(value));
  return { kind: 'text', text: clipped(String(value)) };
}

/** The entries of a map of counts, largest first, then by name. Values that are not numbers are left out. */
export function countsOf(entries: readonly (readonly [string, unknown])[]): Entry[] {
  return entries
    .flatMap(([name, value]): Entry[] => (typeof value === 'number' ? [[name, value]] : []))
    .sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1));
}

/** The shape as a text: `t` and a text; `s` and a list of points; or `e` and a list of others, sum, names and values. */
export function packed(shape: Shape): string {
  if (shape.kind === 'text') return `t${shape.text}`;
  if (shape.kind === 'series') return `s${JSON.stringify(shape.points)}`;
  return `e${JSON.stringify([shape.others, shape.sum, ...shape.largest.flat()])}`;
}

export function unpacked(text: string): Shape {
  const rest = text.slice(1);
  if (text.startsWith('t')) return { kind: 'text', text: rest };
  if (text.startsWith('s')) return { kind: 'series', points: JSON.parse(rest) };
  const [others, sum, ...entries]: [number, number, ...(string | number)[]] = JSON.parse(rest);
  const largest = Array.from({ length: entries.length / 2 }, (_, at): Entry => {
    return [String(entries[2 * at]), Number(entries[2 * at + 1])];
  });
  return { kind: 'entries', largest, others, sum };
}

function listShape(list: readonly unknown[]): Shape | null {
  if (list.length === 0) return null;
  const points = list.filter((point) => typeof point === 'number');
  if (points.length === list.length && points.length > 1) return { kind: 'series', points: points.slice(-MOST_POINTS) };
  return { kind: 'text', text: clipped(list.map(textOf).join(' · ')) };
}

function mapShape(entries: readonly [string, unknown][]): Shape | null {
  if (entries.length === 0) return null;
  const counts = countsOf(entries);
  if (counts.length === 0) return { kind: 'text', text: clipped(entries.map(pairOf).join(' · ')) };
  if (counts.length > 1 && counts.every(([name]) => DATE.test(name))) {
    const byDate = counts.toSorted(([a], [b]) => (a < b ? -1 : 1));
    return { kind: 'series', points: byDate.slice(-MOST_POINTS).map(([, value]) => value) };
  }
  const sum = counts.reduce((all, [, value]) => all + value, 0);
  return { kind: 'entries', largest: counts.slice(0, LARGEST), others: Math.max(0, counts.length - LARGEST), sum };
}

function pairOf([name, value]: readonly [string, unknown]): string {
  return `${name}: ${textOf(value)}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function clipped(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
