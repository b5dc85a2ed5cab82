/** The address if the text is that of a web page, otherwise null: `javascript:` and the like must never become a link. */
export function webAddress(text: string): string | null {
  return /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text).href : null;
}
