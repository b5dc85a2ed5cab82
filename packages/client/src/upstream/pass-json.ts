/** What the functions below return for bytes that are not JSON (RFC 8259), or that nest too deep. */
export const NO_JSON = -1;

/** Checks the value, member or element that begins at `from`. Returns the index after it. */
export type Pass = (json: Buffer, from: number, levels: number) => number;

const [QUOTE, COMMA, COLON, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT, BACKSLASH] = Buffer.from('",:[]{}\\');
const [SPACE, TAB, LINE_FEED, RETURN] = Buffer.from(' \t\n\r');
const [ZERO = 0, NINE = 0, MINUS, PLUS, POINT, SMALL_E, LARGE_E, SMALL_U, SMALL_N, SMALL_T] = Buffer.from('09-+.eEunt');
const [TRUE, FALSE, NULL] = [Buffer.from('true'), Buffer.from('false'), Buffer.from('null')];
const SHORT_ESCAPES = Buffer.from('"\\/bfnrt');
const HEX_DIGITS = Buffer.from('0123456789abcdefABCDEF');
/** Answers of the API nest eight levels deep. */
const MOST_LEVELS = 64;

export function passSpace(json: Buffer, from: number): number {
  for (let at = from; ; at++) {
    const byte = json[at];
    if (byte !== SPACE && byte !== LINE_FEED && byte !== RETURN && byte !== TAB) return at;
  }
}

export function passText(json: Buffer, from: number): number {
  if (json[from] !== QUOTE) return NO_JSON;
  for (let at = from + 1; at < json.length; at++) {
    const byte = json[at] ?? 0;
    if (byte === QUOTE) return at + 1;
    if (byte < 0x20) return NO_JSON;
    if (byte === BACKSLASH) at = lastOfEscape(json, at);
  }
  return NO_JSON;
}

/** A member's name, if it is written without escapes. */
export function passPlainName(json: Buffer, from: number): number {
  if (json[from] !== QUOTE) return NO_JSON;
  for (let at = from + 1; at < json.length; at++) {
    const byte = json[at] ?? 0;
    if (byte === QUOTE) return at + 1;
    if (byte < 0x20 || byte === BACKSLASH) return NO_JSON;
  }
  return NO_JSON;
}

/** The index of an escape's last byte. For a wrong escape it is the end of the JSON, so that the text has no end. */
function lastOfEscape(json: Buffer, backslash: number): number {
  const kind = json[backslash + 1] ?? 0;
  if (SHORT_ESCAPES.includes(kind)) return backslash + 1;
  const digits = json.subarray(backslash + 2, backslash + 6);
  const isUnicode = kind === SMALL_U && digits.length === 4 && digits.every((digit) => HEX_DIGITS.includes(digit));
  return isUnicode ? backslash + 5 : json.length;
}

/** A value of any kind. */
export function passValue(json: Buffer, from: number, levels = MOST_LEVELS): number {
  const first = json[from];
  if (first === QUOTE) return passText(json, from);
  if (first === MINUS || isDigit(first)) return passNumber(json, from);
  if (first === OPEN_OBJECT)
    return levels === 0
      ? NO_JSON
      : passEach(json, from, { close: CLOSE_OBJECT, visit: passAnyMember, levels: levels - 1 });
  if (first === OPEN_LIST)
    return levels === 0 ? NO_JSON : passEach(json, from, { close: CLOSE_LIST, visit: passValue, levels: levels - 1 });
  return passWord(json, from);
}

/** A list, whose elements `visit` passes. Any other value is passed without `visit`. */
export function passList(json: Buffer, from: number, visit: Pass): number {
  if (json[from] !== OPEN_LIST) return passValue(json, from);
  return passEach(json, from, { close: CLOSE_LIST, visit, levels: MOST_LEVELS });
}

/** An object, whose members `visit` passes. Any other value is passed without `visit`. */
export function passObject(json: Buffer, from: number, visit: Pass): number {
  if (json[from] !== OPEN_OBJECT) return passValue(json, from);
  return passEach(json, from, { close: CLOSE_OBJECT, visit, levels: MOST_LEVELS });
}

function passAnyMember(json: Buffer, from: number, levels: number): number {
  const at = valueAt(json, passText(json, from));
  return at === NO_JSON ? NO_JSON : passValue(json, at, levels);
}

/** The index of a member's value, from the index after its name. */
export function valueAt(json: Buffer, nameEnd: number): number {
  if (nameEnd === NO_JSON) return NO_JSON;
  const at = passSpace(json, nameEnd);
  return json[at] === COLON ? passSpace(json, at + 1) : NO_JSON;
}

interface Contents {
  readonly close: number | undefined;
  readonly visit: Pass;
  readonly levels: number;
}

function passEach(json: Buffer, from: number, { close, visit, levels }: Contents): number {
  let at = passSpace(json, from + 1);
  if (json[at] === close) return at + 1;
  for (;;) {
    at = visit(json, at, levels);
    if (at === NO_JSON) return NO_JSON;
    at = passSpace(json, at);
    if (json[at] === close) return at + 1;
    if (json[at] !== COMMA) return NO_JSON;
    at = passSpace(json, at + 1);
  }
}

function passWord(json: Buffer, from: number): number {
  const first = json[from];
  const word = first === SMALL_N ? NULL : first === SMALL_T ? TRUE : FALSE;
  for (let at = 0; at < word.length; at++) if (json[from + at] !== word[at]) return NO_JSON;
  return from + word.length;
}

function passNumber(json: Buffer, from: number): number {
  const first = json[from] === MINUS ? from + 1 : from;
  // No digit may follow a leading zero.
  let at = json[first] === ZERO ? first + 1 : passDigits(json, first);
  if (at !== NO_JSON && json[at] === POINT) at = passDigits(json, at + 1);
  if (at === NO_JSON || (json[at] !== SMALL_E && json[at] !== LARGE_E)) return at;
  const sign = json[at + 1];
  return passDigits(json, sign === PLUS || sign === MINUS ? at + 2 : at + 1);
}

/** One digit or more. */
function passDigits(json: Buffer, from: number): number {
  let at = from;
  while (isDigit(json[at])) at++;
  return at === from ? NO_JSON : at;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}
