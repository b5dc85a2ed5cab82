import { isUtf8 } from 'node:buffer';

/** Header fields by their names in lower case. A field that stands several times has its values in order. */
export interface Fields {
  /** The first value. */
  get(name: string): string | undefined;
  all(name: string): readonly string[];
}

/** The text of header lines. Each that is no UTF-8 is Latin-1: servers send either, whatever the standards say. */
export function headerText(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const lines = bytes.toString('latin1').split('\n');
  return lines
    .map((line) => {
      const ofLine = Buffer.from(line, 'latin1');
      return isUtf8(ofLine) ? ofLine.toString('utf8') : line;
    })
    .join('\n');
}

/** Reads header lines, of WARC and of HTTP, with either line end. Lines that are no field are left out. */
export function parseFields(text: string): Fields {
  const fields = new Map<string, string[]>();
  let last: string[] | null = null;
  for (const line of text.split(/\r?\n/)) {
    if (/^[ \t]/.test(line) && last !== null) {
      last.push(`${last.pop() ?? ''} ${line.trim()}`);
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    last = fields.get(name) ?? [];
    last.push(line.slice(colon + 1).trim());
    fields.set(name, last);
  }
  return fieldsOf(fields);
}

export function fieldsOf(fields: ReadonlyMap<string, readonly string[]>): Fields {
  return { get: (name) => fields.get(name)?.[0], all: (name) => fields.get(name) ?? [] };
}
