import type { RowText } from '@linkhaul/storage';
import type { Line } from './batch.js';
import type { ResultColumns } from './lines.js';

/** A line of results as the bytes of its JSON, one character of the string for each byte, so that UTF-8 is copied undecoded. */
export interface TextLine extends Line {
  readonly text: string;
}

type TextColumns = ResultColumns<string>;

/**
 * Writes lines as the JSON of `resultLine`. `data` is the JSON of the item; like the texts of the row it has one character
 * for each byte. Fields that consecutive lines share are encoded once.
 */
export function textLines(): (row: RowText, rest: TextColumns) => TextLine {
  let said: Said | null = null;
  return ({ line, input, id, target, duplicateOf }, rest) => {
    if (said === null || !isAlike(said.rest, rest)) said = saidOf(rest);
    const { position = null, data = null } = rest;
    const row = `{"line":${line},"input":${input},"id":${id},"target":${target}`;
    const text = `${row}${said.status}${duplicateOf},"position":${position}${said.source}${data}${said.end}`;
    return { line, status: rest.status, text };
  };
}

interface Said {
  readonly rest: TextColumns;
  readonly status: string;
  readonly source: string;
  readonly end: string;
}

function isAlike(one: TextColumns, other: TextColumns): boolean {
  return (
    one.status === other.status &&
    one.call === other.call &&
    one.fetched_at === other.fetched_at &&
    one.source === other.source &&
    one.error === other.error
  );
}

function saidOf(rest: TextColumns): Said {
  const { status, call = null, fetched_at = null, source = null, error = null } = rest;
  const came = lettersOf(`"fetched_at":${JSON.stringify(fetched_at)},"source":${JSON.stringify(source)}`);
  return {
    rest,
    status: `,"status":"${status}","duplicate_of":`,
    source: `,"call":${call},${came},"data":`,
    end: `,"error":${lettersOf(JSON.stringify(error))}}\n`,
  };
}

/** Lines as NDJSON. */
export function ndjsonOf(lines: readonly (Line | TextLine)[]): Buffer {
  const texts = lines.map((line) => ('text' in line ? line.text : lettersOf(`${JSON.stringify(line)}\n`)));
  const bytes = Buffer.allocUnsafe(texts.reduce((sum, { length }) => sum + length, 0));
  let used = 0;
  let ahead = '';
  for (const text of texts) {
    ahead += text;
    if (ahead.length < LETTERS_AT_ONCE) continue;
    used += bytes.write(ahead, used, 'latin1');
    ahead = '';
  }
  bytes.write(ahead, used, 'latin1');
  return bytes;
}

/** Some lines are written together: each by itself, or all at once, takes half as long again. */
const LETTERS_AT_ONCE = 8 * 1024;

function lettersOf(text: string): string {
  return Buffer.from(text).toString('latin1');
}
