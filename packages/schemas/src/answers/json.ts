const BYTE_ORDER_MARK = 0xfe_ff;

/** The JSON of a body, with or without a byte order mark. Throws a SyntaxError where the body is no JSON. */
export function jsonOf(text: string): unknown {
  return JSON.parse(text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text);
}
