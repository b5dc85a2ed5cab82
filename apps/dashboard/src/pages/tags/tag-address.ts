/** The address of a tag. A tag may hold any character, so a slash in it must not become part of the path. */
export function tagAddress(tag: string, query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString();
  return `/tags/${encodeURIComponent(tag)}${search === '' ? '' : `?${search}`}`;
}

/** The tags whose name contains the text; upper and lower case are the same. */
export function matching(names: readonly string[], text: string): readonly string[] {
  const part = text.trim().toLowerCase();
  return part === '' ? names : names.filter((name) => name.toLowerCase().includes(part));
}
