/** Control, format and line-separating characters, and halves of surrogate pairs. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * Makes text from outside safe to show in a terminal. Characters that would move the cursor, change colours, reverse the reading
 * direction or break the line are shown as their code points: `\u{1b}`.
 */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
