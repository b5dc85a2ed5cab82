/** The address of a text that is a web page's, and null for all others: `javascript:` and the like never become a link. */
export function webAddress(text: string): string | null {
  return /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text).href : null;
}
