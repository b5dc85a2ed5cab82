const STAND_IN = '\ue000';
const MARK = '\ufeff';

/** Either character, raw or escaped; an escaped backslash, so that what follows is no escape; an escape cut at the piece's end. */
const FOUND = /\\\\|\\u(?:feff|e000)|\\(?:u[\da-f]{0,3})?$|[\ue000\ufeff]/gi;

/** Translates the JSON parser's input and output so that every U+FEFF in a string is kept. */
export interface KeptMarks {
  /** The next piece of a body, as the parser gets it. */
  hide(piece: string): string;
  /** A value of the parser, as the body had it. */
  restore(value: unknown): unknown;
}

/**
 * The parser decodes a string in pieces and drops a U+FEFF at the beginning of one as a byte order mark, so what is lost would
 * depend on where the body was cut. Therefore the parser gets two other characters for each U+FEFF.
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
