const MONTHS: readonly string[] = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const NAME = new RegExp(`(cc-main-(\\d{4})(?:-\\d\\d)?((?:-(?:${MONTHS.join('|')}))+))-(?:domain|host)-`);

/** A web graph of Common Crawl, and the days from its first crawl's month to the end of its last one's. */
interface Release {
  readonly name: string;
  readonly first: Date;
  readonly last: Date;
}

/**
 * The release that a file is of, by its name: nothing else tells it. `cc-main-2024-25-dec-jan-feb-domain-edges.txt.gz` begins in
 * December 2024. Null for any other name.
 */
export function releaseOf(file: string): Release | null {
  const [, name, year, words] = NAME.exec(file) ?? [];
  if (name === undefined || words === undefined) return null;
  const months = words
    .slice(1)
    .split('-')
    .map((word) => MONTHS.indexOf(word));
  const [first = 0] = months;
  // Months that begin the year follow its end.
  const turns = months.filter((month, at) => month < (months[at - 1] ?? 0)).length;
  return {
    name,
    first: new Date(Date.UTC(Number(year), first)),
    last: new Date(Date.UTC(Number(year) + turns, (months.at(-1) ?? first) + 1) - 1000),
  };
}
