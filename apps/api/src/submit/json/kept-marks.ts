const STAND_IN = '\ue000';
const MARK = '\ufeff';

/** U+FEFF or U+E000, raw or escaped; an escaped backslash, which begins no escape; an escape cut at the end of the piece. */
const FOUND = /\\\\|\\u(?:feff|e000)|\\(?:u[\da-f]{0,3})?$|[\ue000\ufeff]/gi;

/** Translates the JSON parser's input and output so that no U+FEFF in a string is lost. */
export interface KeptMarks {
  /** The next piece of a body, as the parser must read it. */
  hide(piece: string): string;
  /** Turns a value from the parser back into what the body had. */
  restore(value: unknown): unknown;
}

/**
 * The parser decodes a string in pieces, and drops a U+FEFF at the beginning of a piece as a byte order mark. What is lost would
 * depend on where the body was cut. So the parser reads two other characters instead of each U+FEFF.
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
