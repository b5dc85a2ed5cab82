const BYTE_ORDER_MARK = 0xfe_ff;

/** The JSON of a body, with or without a byte order mark. Throws a SyntaxError if the body is not JSON. */
export function jsonOf(text: string): unknown {
  return JSON.parse(text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text);
}
