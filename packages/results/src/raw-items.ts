import { isUtf8 } from 'node:buffer';

const BYTE_ORDER_MARK = Buffer.from('\ufeff');
const [SPACE, QUOTE, COMMA, OPEN_LIST, BACKSLASH, CLOSE_LIST, OPEN, CLOSE] = [
  0x20, 0x22, 0x2c, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d,
];

/** The JSON of an item as received, with one character of the string for each byte. Null for an element that is not an item. */
type RawItem = string | null;

interface ItemPlace {
  /** The position of our task in the answer. */
  readonly task: number;
  /** Whether the results of the task are the items, and not the elements of their `items`. */
  readonly areResults: boolean;
}

/**
 * The elements of an answer, cut out of its bytes: parsing and encoding each takes several times as long. The answer must be
 * valid JSON. Null if it has an unusual form, or an item holds white space: then it must be parsed.
 */
export function rawItems(bytes: Buffer, { task, areResults }: ItemPlace): readonly RawItem[] | null {
  if (!isUtf8(bytes)) return null;
  const json = createScanner(bytes);
  const text = bytes.toString('latin1');
  const found: RawItem[] = [];
  const takeItem = () => {
    if (!json.isObject()) return found.push(json.skip()) > 0;
    const item = json.take();
    return item !== null && found.push(text.slice(item.from, item.to)) > 0;
  };
  const takeItems = () => (json.isList() ? json.eachElement(takeItem) : json.skipNull());
  const takeResult = areResults ? takeItem : () => json.eachMember('items', takeItems);
  const takeTask = () =>
    json.eachMember('result', () => (json.isList() ? json.eachElement(takeResult) : json.skipNull()));
  const passTask = () => json.isObject() && json.skip() === null;
  const takeTasks = () => json.isList() && json.eachElement((at) => (at === task ? takeTask() : passTask()));
  return json.eachMember('tasks', takeTasks) ? found : null;
}

/** The JSON of a task's `result` as received. Null if the answer has an unusual form: then it must be parsed. */
export function rawResult(bytes: Buffer, task: number): string | null {
  if (!isUtf8(bytes)) return null;
  const json = createScanner(bytes);
  const found: string[] = [];
  const takeResult = () => found.push(json.span()) > 0;
  const takeTask = () => json.isObject() && json.eachMember('result', takeResult);
  const passTask = () => json.isObject() && json.skip() === null;
  const takeTasks = () => json.isList() && json.eachElement((at) => (at === task ? takeTask() : passTask()));
  return json.eachMember('tasks', takeTasks) ? (found[0] ?? null) : null;
}

function opens(char: number): boolean {
  return char === OPEN || char === OPEN_LIST;
}

function closes(char: number): boolean {
  return char === CLOSE || char === CLOSE_LIST;
}

/** What a byte outside of texts means for finding the end of a list or an object. Nearly all bytes mean nothing. */
const [WHITE, TEXT, OPENS, CLOSES] = [1, 2, 3, 4];
const MEANINGS = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === QUOTE) return TEXT;
  if (opens(byte)) return OPENS;
  if (closes(byte)) return CLOSES;
  return byte <= SPACE ? WHITE : 0;
});

function endsWord(char: number): boolean {
  return char === COMMA || closes(char) || char <= SPACE;
}

/** The place after the closing quote of the text that begins at `at`. */
function endOfText(bytes: Buffer, at: number): number {
  let end = at + 1;
  for (let byte = bytes[end]; byte !== QUOTE && end < bytes.length; byte = bytes[end]) {
    end += byte === BACKSLASH ? 2 : 1;
  }
  return end + 1;
}

/** Where a list or an object ends, and whether it holds white space outside of texts. */
function passNested(bytes: Buffer, at: number): { end: number; isSpaced: boolean } {
  let isSpaced = false;
  let depth = 0;
  let end = at;
  while (end < bytes.length) {
    const meaning = MEANINGS[bytes[end] ?? 0];
    if (meaning === TEXT) {
      end = endOfText(bytes, end);
      continue;
    }
    end++;
    if (meaning === OPENS) depth++;
    else if (meaning === WHITE) isSpaced = true;
    else if (meaning === CLOSES && --depth === 0) break;
  }
  return { end, isSpaced };
}

/** Reads JSON once, from its beginning to its end. A method returns false when it finds an unusual form. */
function createScanner(bytes: Buffer) {
  let at = bytes.indexOf(BYTE_ORDER_MARK) === 0 ? BYTE_ORDER_MARK.length : 0;
  const toToken = () => {
    while ((bytes[at] ?? COMMA) <= SPACE) at++;
    return bytes[at] ?? 0;
  };
  const pass = (): boolean => {
    const first = toToken();
    if (opens(first)) {
      const { end, isSpaced } = passNested(bytes, at);
      at = end;
      return isSpaced;
    }
    if (first === QUOTE) at = endOfText(bytes, at);
    // A number or a word ends at the next comma, bracket or white space.
    while (at < bytes.length && !endsWord(bytes[at] ?? COMMA)) at++;
    return false;
  };
  /** Visits each thing between the bracket at `at` and its closing bracket. */
  const each = (close: number, visit: (index: number) => boolean): boolean => {
    at++;
    for (let index = 0; toToken() !== close; index++) {
      // Truncated JSON is left to the parser, which reports the error.
      if (at >= bytes.length || !visit(index)) return false;
      if (toToken() === COMMA) at++;
    }
    at++;
    return true;
  };
  const skip = (): null => {
    pass();
    return null;
  };
  return {
    isObject: () => toToken() === OPEN,
    isList: () => toToken() === OPEN_LIST,
    skip,
    skipNull: () => bytes.toString('latin1', at, at + 4) === 'null' && skip() === null,
    /** Where the next value is. Null if it holds white space. */
    take(): { from: number; to: number } | null {
      toToken();
      const from = at;
      return pass() ? null : { from, to: at };
    },
    /** The next value, including its white space. */
    span(): string {
      toToken();
      const from = at;
      pass();
      return bytes.toString('utf8', from, at);
    },
    eachElement: (visit: (index: number) => boolean) => each(CLOSE_LIST, visit),
    /** Visits the member of an object that has this name; skips all others. */
    eachMember(name: string, visit: () => boolean): boolean {
      let seen = 0;
      if (toToken() !== OPEN) return false;
      return each(CLOSE, () => {
        const from = at + 1;
        at = endOfText(bytes, at);
        const key = bytes.toString('utf8', from, at - 1);
        toToken();
        at++;
        // Repeated names and names with escapes are left to the parser.
        if (key.includes('\\')) return false;
        if (key !== name) return skip() === null;
        return ++seen === 1 && toToken() > 0 && visit();
      });
    },
  };
}
