import type { RowText } from '@linkhaul/storage';
import type { Line } from './batch.js';
import type { ResultColumns } from './lines.js';

/** A line of results as JSON, with one character of the string for each byte, so that UTF-8 is copied without decoding. */
export interface TextLine extends Line {
  readonly text: string;
}

type TextColumns = ResultColumns<string>;

/**
 * Writes lines as the JSON of `resultLine`. `data`, the JSON of the item, and the texts of the row have one character for
 * each byte. Fields that consecutive lines share are encoded once.
 */
export function textLines(): (row: RowText, rest: TextColumns) => TextLine {
  let last: SharedTexts | null = null;
  return ({ line, input, id, target, duplicateOf }, rest) => {
    if (last === null || !isAlike(last.rest, rest)) last = sharedTexts(rest);
    const { position = null, data = null } = rest;
    const row = `{"line":${line},"input":${input},"id":${id},"target":${target}`;
    const text = `${row}${last.status}${duplicateOf},"position":${position}${last.source}${data}${last.end}`;
    return { line, status: rest.status, text };
  };
}

/** The texts that consecutive lines share. */
interface SharedTexts {
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

function sharedTexts(rest: TextColumns): SharedTexts {
  const { status, call = null, fetched_at = null, source = null, error = null } = rest;
  const origin = lettersOf(`"fetched_at":${JSON.stringify(fetched_at)},"source":${JSON.stringify(source)}`);
  return {
    rest,
    status: `,"status":"${status}","duplicate_of":`,
    source: `,"call":${call},${origin},"data":`,
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

/** Lines are written in groups of this length: one by one, or all at once, takes half as long again. */
const LETTERS_AT_ONCE = 8 * 1024;

function lettersOf(text: string): string {
  return Buffer.from(text).toString('latin1');
}
