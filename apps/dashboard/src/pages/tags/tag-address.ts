/** A tag may hold any character: a slash in it is no step of the path. */
export function tagAddress(tag: string, query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString();
  return `/tags/${encodeURIComponent(tag)}${search === '' ? '' : `?${search}`}`;
}

/** The tags whose name holds the text, without regard to case. */
export function matching(names: readonly string[], text: string): readonly string[] {
  const part = text.trim().toLowerCase();
  return part === '' ? names : names.filter((name) => name.toLowerCase().includes(part));
}
