/**
 * A text as a URL, or null. `URL.canParse` is not an option: once optimised, Node 20 reads strings with Latin-1
 * letters as broken UTF-8 there, so that `https://bücher.de/` parses in a short list and not in a long one.
 */
export function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
