const BYTE_ORDER_MARK = 0xfe_ff;
const [SPACE, QUOTE, COMMA, OPEN_LIST, BACKSLASH, CLOSE_LIST, OPEN, CLOSE] = [
  0x20, 0x22, 0x2c, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d,
];

/** The JSON of an item as it came; null: an element that is no item. */
type RawItem = string | null;

/**
 * The elements of an answer, cut out of its text: parsing each and writing it again takes several times as long. The text is
 * known to be JSON. Null where the answer is not of the usual form, so that only who parses it finds them.
 */
export function rawItems(text: string, task: number): readonly RawItem[] | null {
  const json = createScanner(text);
  const found: RawItem[] = [];
  const takeItem = () => {
    found.push(json.isObject() ? json.take() : json.skip());
    return true;
  };
  const takeItems = () => (json.isList() ? json.eachElement(takeItem) : json.skipNull());
  const takeResult = () => json.eachMember('items', takeItems);
  const takeTask = () =>
    json.eachMember('result', () => (json.isList() ? json.eachElement(takeResult) : json.skipNull()));
  const passTask = () => json.isObject() && json.skip() === null;
  const takeTasks = () => json.isList() && json.eachElement((at) => (at === task ? takeTask() : passTask()));
  return json.eachMember('tasks', takeTasks) ? found : null;
}

function opens(char: number): boolean {
  return char === OPEN || char === OPEN_LIST;
}

function closes(char: number): boolean {
  return char === CLOSE || char === CLOSE_LIST;
}

function depthBy(char: number): -1 | 0 | 1 {
  if (opens(char)) return 1;
  return closes(char) ? -1 : 0;
}

function endsWord(char: number): boolean {
  return char === COMMA || closes(char) || char <= SPACE;
}

/** Goes through JSON from its beginning to its end, once. What answers false has met something unusual. */
function createScanner(text: string) {
  let at = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
  const toToken = () => {
    while (text.charCodeAt(at) <= SPACE) at++;
    return text.charCodeAt(at);
  };
  /** From its opening quote to its closing one. */
  const passString = () => {
    for (at++; at < text.length && text.charCodeAt(at) !== QUOTE; at++) if (text.charCodeAt(at) === BACKSLASH) at++;
  };
  /** Passes over a list or an object; whether there is white space in it, outside of texts. */
  const passNested = (): boolean => {
    let isSpaced = false;
    for (let depth = 0; at < text.length; at++) {
      const char = text.charCodeAt(at);
      if (char === QUOTE) passString();
      else if (char <= SPACE) isSpaced = true;
      else depth += depthBy(char);
      if (depth === 0) break;
    }
    at++;
    return isSpaced;
  };
  const pass = (): boolean => {
    const first = toToken();
    if (opens(first)) return passNested();
    if (first === QUOTE) passString();
    // A number or a word ends where what it stands in goes on.
    while (at < text.length && !endsWord(text.charCodeAt(at))) at++;
    return false;
  };
  /** What stands between brackets, each thing by a visit; the first begins behind `at`. */
  const each = (close: number, visit: (index: number) => boolean): boolean => {
    at++;
    for (let index = 0; toToken() !== close; index++) {
      // What ends before its end is no JSON, and is left to who says so.
      if (at >= text.length || !visit(index)) return false;
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
    skipNull: () => text.startsWith('null', at) && skip() === null,
    /** The value as it stands there, on one line. */
    take() {
      toToken();
      const from = at;
      const isSpaced = pass();
      const taken = text.slice(from, at);
      return isSpaced ? JSON.stringify(JSON.parse(taken)) : taken;
    },
    eachElement: (visit: (index: number) => boolean) => each(CLOSE_LIST, visit),
    /** An object's member of a name by a visit; all others are passed over. */
    eachMember(name: string, visit: () => boolean): boolean {
      let seen = 0;
      if (toToken() !== OPEN) return false;
      return each(CLOSE, () => {
        const from = at + 1;
        passString();
        const key = text.slice(from, at);
        at++;
        toToken();
        at++;
        // A name that comes twice, or in another spelling, is left to a whole parser.
        if (key.includes('\\')) return false;
        if (key !== name) return skip() === null;
        return ++seen === 1 && toToken() > 0 && visit();
      });
    },
  };
}
