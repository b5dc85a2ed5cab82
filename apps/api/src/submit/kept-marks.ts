const STAND_IN = '\ue000';
const MARK = '\ufeff';

/** Each of the two, raw or as an escape; an escaped backslash, which begins no other escape; an escape that is cut. */
const FOUND = /\\\\|\\u(?:feff|e000)|\\(?:u[\da-f]{0,3})?$|[\ue000\ufeff]/gi;

/** The JSON parser's input and output, so that every U+FEFF in a string is kept. */
export interface KeptMarks {
  /** The text that the parser is given for the next piece of a body. */
  hide(piece: string): string;
  /** A value as the body has it. */
  restore(value: unknown): unknown;
}

/**
 * The parser decodes a string in pieces, and leaves out a U+FEFF at the beginning of one, as if it were a byte order mark: what
 * was lost would depend on where the body was cut. So it is given two other characters for each.
 */
export function keepMarks(): KeptMarks {
  let cut = '';
  let isHidden = false;
  const hidden = (found: string) => {
    if (found === '\\\\') return found;
    const isMark = found === MARK || found.toLowerCase() === '\\ufeff';
    if (!isMark && found !== STAND_IN && found.toLowerCase() !== '\\ue000') {
      cut = found;
      return '';
    }
    isHidden = true;
    return STAND_IN + Number(isMark);
  };
  return {
    hide(piece) {
      const text = cut + piece;
      cut = '';
      return text.replace(FOUND, hidden);
    },
    restore(value) {
      if (!isHidden) return value;
      const text = JSON.stringify(value).replace(/\ue000([01])/g, (_, isMark) => (isMark === '1' ? MARK : STAND_IN));
      return JSON.parse(text);
    },
  };
}
