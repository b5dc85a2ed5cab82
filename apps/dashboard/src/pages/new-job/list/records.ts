/** A record of a table, or a line of a text, and the line on which it begins. */
export interface ListRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

interface Reading {
  /** One character; empty if each line is one field. */
  readonly separator: string;
  readonly most: number;
}

const SEPARATOR_LINE = /^\uFEFF?"?sep=([^"\r\n])"?(?:\r\n?|\n|$)/i;

/** The separator in a first line `sep=;`, as spreadsheets write it. */
export function namedSeparator(text: string): string | null {
  return SEPARATOR_LINE.exec(text)?.[1] ?? null;
}

/** The first records of a table by RFC 4180, without blank lines. This is only for display: the service reads the list itself. */
export function recordsOf(text: string, { separator, most }: Reading): ListRecord[] {
  const records: ListRecord[] = [];
  const named = separator === '' ? null : SEPARATOR_LINE.exec(text);
  let at = named?.[0].length ?? (text.startsWith('\uFEFF') ? 1 : 0);
  let line = named === null ? 1 : 2;
  while (at < text.length && records.length < most) {
    const { fields, end, lines } = recordAt(text, at, separator);
    if (fields.some((field) => field.trim() !== '')) records.push({ line, fields });
    line += lines;
    at = end;
  }
  return records;
}

function recordAt(text: string, from: number, separator: string) {
  const fields: string[] = [];
  let at = from;
  let lines = 1;
  for (;;) {
    const field = separator !== '' && text[at] === '"' ? quotedAt(text, at) : null;
    const rest = endOfField(text, field?.end ?? at, separator);
    fields.push(field === null ? text.slice(at, rest) : field.text);
    lines += field?.lines ?? 0;
    if (text[rest] !== separator || separator === '') return { fields, lines, end: afterLine(text, rest) };
    at = rest + 1;
  }
}

function quotedAt(text: string, from: number) {
  let end = from + 1;
  while (end < text.length && (text[end] !== '"' || text[end + 1] === '"')) end += text[end] === '"' ? 2 : 1;
  const inside = text.slice(from + 1, end);
  return { text: inside.replaceAll('""', '"'), end: end + 1, lines: inside.split(/\r\n|\r|\n/).length - 1 };
}

function endOfField(text: string, from: number, separator: string): number {
  let at = from;
  while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at += 1;
  return at;
}

function afterLine(text: string, at: number): number {
  return text[at] === '\r' && text[at + 1] === '\n' ? at + 2 : at + 1;
}
