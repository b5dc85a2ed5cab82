import type { HintCode } from '@linkhaul/schemas';
import { holdsRows } from './csv-quotes.js';
import { MAX_LINE_LENGTH, refusedLine } from './read-list.js';

const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x22;
const EQUALS = 0x3d;
const TAB = 0x09;

/** One record. Its fields are given by their places in the text, without quotes. The object is reused for the next record. */
export interface CsvRecord {
  readonly text: string;
  /** The line on which it begins. */
  readonly line: number;
  readonly from: number;
  /** Where it ends, without its line end. */
  readonly to: number;
  readonly fields: number;
  /** Field n is the text from `froms[n]` to `tos[n]`. If it is escaped, each `""` in it means one `"`. */
  readonly froms: readonly number[];
  readonly tos: readonly number[];
  readonly escaped: readonly boolean[];
  /** What is odd about its quotes. */
  readonly hint: HintCode | null;
}

interface CsvRecordOptions {
  /** One character; empty if the whole record is one field. */
  readonly separator: string;
  /** The line on which the first record begins. */
  readonly firstLine: number;
}

type Filled = { -readonly [Key in keyof CsvRecord]: CsvRecord[Key] } & {
  readonly froms: number[];
  readonly tos: number[];
  readonly escaped: boolean[];
};

/** The opening and the closing quote of a cell. `close` is the end of the text if the quote is not closed. */
interface Quotes {
  readonly from: number;
  readonly close: number;
  readonly linesBefore: number;
}

/** Reads separated values by RFC 4180, with any line ends. A quoted field may hold separators, quotes and line ends. */
export class CsvRecords {
  /** The line on which the next record begins. */
  line: number;
  readonly #record: Filled;
  readonly #separates: number;
  #linesInside = 0;
  /** Whether the last quoted text contains doubled quotes. */
  #hasPairs = false;

  constructor({ separator, firstLine }: CsvRecordOptions) {
    this.line = firstLine;
    this.#separates = separator === '' ? -1 : separator.charCodeAt(0);
    this.#record = {
      text: '',
      line: firstLine,
      from: 0,
      to: 0,
      fields: 0,
      froms: [],
      tos: [],
      escaped: [],
      hint: null,
    };
  }

  get record(): CsvRecord {
    return this.#record;
  }

  /**
   * Reads the record that begins at `from`, and returns where the next one begins. Returns -1 if the record is incomplete; it is
   * then read again from its beginning. Throws if no further text can complete the record.
   */
  next(text: string, from: number, isLast: boolean): number {
    const record = this.#record;
    record.text = text;
    record.from = from;
    record.fields = 0;
    record.hint = null;
    this.#linesInside = 0;
    for (let at = from; ; at++) {
      at = text.charCodeAt(at) === QUOTE ? this.#quoted(text, at, isLast) : this.#unquoted(text, at, isLast);
      if (at === -1) return -1;
      if (at === text.length || text.charCodeAt(at) !== this.#separates) return this.#afterEnd(text, at, isLast);
    }
  }

  #note(from: number, to: number, isEscaped: boolean): void {
    const record = this.#record;
    const field = record.fields++;
    record.froms[field] = from;
    record.tos[field] = to;
    record.escaped[field] = isEscaped;
  }

  /** The place of the separator or line end after the field, or the end of the last text; -1 if more text is needed. */
  #unquoted(text: string, from: number, isLast: boolean): number {
    const separates = this.#separates;
    let at = from;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === separates || code === LINE_FEED || code === RETURN) break;
    }
    if (at === text.length && !isLast) return -1;
    this.#note(from, at, false);
    return at;
  }

  #quoted(text: string, from: number, isLast: boolean): number {
    const linesBefore = this.#linesInside;
    const close = this.#closingQuote(text, from + 1);
    const isOpen = close === text.length;
    // A record that is too long is refused before its end arrives.
    if (isOpen && !isLast && close - from <= MAX_LINE_LENGTH) return -1;
    const end = close + 1;
    // A quote at the end of the text so far may be the first of two.
    if (end === text.length && !isLast) return -1;
    const asText = this.#unquotedCell(text, { from, close, linesBefore }, isLast);
    if (asText !== null) return asText;
    if (isOpen) throw unclosed(this.line + linesBefore);
    if (end < text.length && !this.#endsField(text.charCodeAt(end))) throw strayText(this.line + this.#linesInside);
    this.#note(from + 1, close, this.#hasPairs);
    return end;
  }

  /**
   * Reads the cell as plain text that happens to begin with a quote: many programs do not quote cells between tabs. Null if it is
   * a quoted cell.
   */
  #unquotedCell(text: string, { from, close, linesBefore }: Quotes, isLast: boolean): number | null {
    const isBetweenTabs = this.#separates === TAB;
    if (this.#linesInside > linesBefore || (isBetweenTabs && close === text.length)) {
      return this.#unquotedOverLines(text, { from, close, linesBefore }, isLast);
    }
    if (!isBetweenTabs || close + 1 === text.length || this.#endsField(text.charCodeAt(close + 1))) return null;
    const to = this.#unquoted(text, from, isLast);
    // A record without a tab means that the tab is not the separator.
    return to === -1 || text.charCodeAt(to) === TAB || this.#record.fields > 1 ? to : null;
  }

  #unquotedOverLines(text: string, { from, close, linesBefore }: Quotes, isLast: boolean): number | null {
    const record = this.#record;
    const isBetweenTabs = this.#separates === TAB;
    const separator = String.fromCharCode(this.#separates);
    const areRows = holdsRows({ text, record: record.from, open: from, close, separator, isLast });
    if (areRows === null) return -1;
    if (areRows || isBetweenTabs) record.hint = areRows && isBetweenTabs ? 'quote_is_text' : 'lines_joined';
    if (!areRows || !isBetweenTabs) return null;
    this.#linesInside = linesBefore;
    return this.#unquoted(text, from, isLast);
  }

  /** The next quote that is not doubled; the end of the text if there is none. */
  #closingQuote(text: string, from: number): number {
    this.#hasPairs = false;
    let at = from;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === LINE_FEED || (code === RETURN && text.charCodeAt(at + 1) !== LINE_FEED)) this.#linesInside++;
      if (code !== QUOTE) continue;
      if (text.charCodeAt(at + 1) !== QUOTE) break;
      this.#hasPairs = true;
      at++;
    }
    return at;
  }

  #endsField(code: number): boolean {
    return code === this.#separates || code === LINE_FEED || code === RETURN;
  }

  /** Where the record after this end begins; -1 if a CR at the end of the text may be the first half of CRLF. */
  #afterEnd(text: string, end: number, isLast: boolean): number {
    const record = this.#record;
    if (end - record.from > MAX_LINE_LENGTH) throw recordTooLong(this.line);
    const isReturn = text.charCodeAt(end) === RETURN;
    if (isReturn && end + 1 === text.length && !isLast) return -1;
    record.line = this.line;
    record.to = end;
    this.line += this.#linesInside + 1;
    if (isReturn && text.charCodeAt(end + 1) === LINE_FEED) return end + 2;
    return Math.min(end + 1, text.length);
  }
}

export function fieldOf({ text, froms, tos, escaped }: CsvRecord, field: number): string {
  const found = text.slice(froms[field], tos[field]);
  const said = escaped[field] ? found.replaceAll('""', '"') : found;
  return said.charCodeAt(0) === EQUALS ? textOfFormula(said) : said;
}

/** `="…"`: spreadsheets write it to keep a cell from being read as a number. */
const FORMULA = /^="((?:[^"]|"")*)"\s*$/;

/** The text that the formula means. Other formulas stay as they are. */
function textOfFormula(text: string): string {
  return FORMULA.exec(text)?.[1]?.replaceAll('""', '"') ?? text;
}

export function fieldsOf(record: CsvRecord): string[] {
  return Array.from({ length: record.fields }, (_, field) => fieldOf(record, field));
}

/** The number of fields, without empty ones at the end. */
export function widthOf({ fields, froms, tos }: CsvRecord): number {
  let width = fields;
  while (width > 0 && froms[width - 1] === tos[width - 1]) width--;
  return width;
}

export function isQuoted({ text, froms }: CsvRecord, field: number): boolean {
  return text.charCodeAt((froms[field] ?? 0) - 1) === QUOTE;
}

function unclosed(line: number) {
  return refusedLine(line, {
    code: 'csv_quote',
    detail: `The quote that is opened on line ${line} is not closed within 65,536 characters: close it, or write a quote within a field twice.`,
    message: 'This quote is not closed.',
  });
}

function strayText(line: number) {
  return refusedLine(line, {
    code: 'csv_quote',
    detail: `On line ${line} text follows a closing quote: write a quote within a field twice. If the text begins with the separator, name that with separator=; if each line is one target, send separator=none.`,
    message: 'Text follows a closing quote.',
  });
}

export function recordTooLong(line: number) {
  return refusedLine(line, {
    code: 'line_too_long',
    detail: `The record that begins on line ${line} is longer than 65,536 characters.`,
    message: 'A record has at most 65,536 characters.',
  });
}
