import { ApiProblem } from '../../problem.js';
import { separatorName } from './separators.js';

/** The number of rows that are judged. */
export const MOST_JUDGED = 100;
const LEAST_ALIKE = 3;
/** The share of the rows that counts as nearly all. */
export const SHARE_ALIKE = 0.9;

/** Commas are left out: they are too common in addresses. */
const TELLING = [';', '|', '\t'];

const NAME_AND_VALUE = /^[^=\s]+=/;

/** Whether it is a parameter of an address, as in `;jsessionid=…`. */
export function isParameter(text: string): boolean {
  return NAME_AND_VALUE.test(text);
}

export type IsTarget = (text: string) => boolean;

/** A text that was sent as one target, cut at its first separator. */
interface Cut {
  readonly separators: number;
  readonly before: string;
  readonly behind: string;
}

function cutAt(separator: string, text: string): Cut | null {
  const at = text.indexOf(separator);
  if (at === -1) return null;
  return { separators: text.split(separator).length - 1, before: text.slice(0, at), behind: text.slice(at + 1) };
}

/** Whether a text looks like a target with more columns behind it, and not like `;jsessionid=…`. */
export function hidesColumns(separator: string, text: string, isTarget: IsTarget): boolean {
  const cut = cutAt(separator, text);
  return cut !== null && !isParameter(cut.behind) && isTarget(cut.before);
}

/** The separator that cuts the first texts of a list into columns; null if none seems to. */
export function hiddenSeparator(texts: readonly string[], isTarget: IsTarget): string | null {
  return TELLING.find((separator) => seemsSeparated(separator, texts, isTarget)) ?? null;
}

/** Whether commas seem to cut the first texts of a list into columns, which is worth a hint, but no refusal. */
export function hidesCommas(texts: readonly string[], isTarget: IsTarget): boolean {
  return seemsSeparated(',', texts, isTarget);
}

/** Whether nearly all texts hold the same number of this separator, with a target before the first one. A header may precede them. */
function seemsSeparated(separator: string, texts: readonly string[], isTarget: IsTarget): boolean {
  // Tabs at the end of a line separate nothing.
  const cuts = texts.map((text) => cutAt(separator, text.trim()));
  const [first, second] = cuts;
  const hasHeader = first?.separators === second?.separators && first?.before !== undefined && !isTarget(first.before);
  const rows = hasHeader ? cuts.slice(1) : cuts;
  const alike = largestGroup(rows.filter((cut) => cut !== null && !cut.before.includes('?') && isTarget(cut.before)));
  const isEnough = alike.length + Number(hasHeader) >= LEAST_ALIKE && alike.length >= SHARE_ALIKE * rows.length;
  return isEnough && !alike.every(({ behind }) => isParameter(behind));
}

/** The texts with the most common number of separators. */
function largestGroup(cuts: readonly (Cut | null)[]): readonly Cut[] {
  const groups = new Map<number, Cut[]>();
  for (const cut of cuts) {
    if (cut === null) continue;
    const group = groups.get(cut.separators) ?? [];
    groups.set(cut.separators, [...group, cut]);
  }
  return [...groups.values()].reduce((a, b) => (b.length > a.length ? b : a), []);
}

/** Refuses the whole list, since pages would be bought that the sender did not mean. */
export function looksSeparated(separator: string, line: number): ApiProblem {
  const name = separatorName(separator);
  const shown = name === 'tab' ? 'tabs' : `\`${name}\``;
  const detail =
    `The rows look like columns with ${shown} between them. Send Content-Type: text/csv with separator=${name} and ` +
    'column=, the name or number of the column with the targets (1 if left out). If each line is one target as it stands, send separator=none.';
  return new ApiProblem('looks_separated', detail, {
    errors: [
      {
        line,
        pointer: 'separator',
        code: 'looks_separated',
        message: `Here columns seem to stand, with ${shown} between them.`,
      },
    ],
  });
}
