const REFRESH = /^\s*(?:\d+(?:\.[\d.]*)?|\.[\d.]*)(?:\s*[;,]\s*|\s+)(?:url\s*=\s*)?(?:"([^"]*)|'([^']*)|(\S.*))/is;

/** The address in a `Refresh` header or `<meta http-equiv="refresh">`; null where the page comes again itself. */
export function refreshUrl(text: string): string | null {
  const [, double, single, bare] = REFRESH.exec(text) ?? [];
  const url = (double ?? single ?? bare ?? '').trim();
  return url === '' ? null : url;
}
