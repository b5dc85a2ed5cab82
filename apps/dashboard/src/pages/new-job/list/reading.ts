import type { EstimateTextOptions } from '@linkhaul/client/browser';
import { formatOf, type Guess, guessTable, type ListFormat } from './guess.js';
import type { Head } from './read-head.js';

export type Separator = NonNullable<EstimateTextOptions['separator']>;

/** The user's own settings for how to read the list; null for each that is detected. */
export interface Reading {
  readonly format: ListFormat | null;
  readonly separator: Separator | null;
  readonly charset: string | null;
  readonly header: boolean | null;
  readonly column: string | number | null;
  readonly idColumn: string | number | null;
}

export const FOUND_OUT: Reading = {
  format: null,
  separator: null,
  charset: null,
  header: null,
  column: null,
  idColumn: null,
};

/** The column of a set's first target. */
const FIRST_OF_SET = 'target_1';

/** The form of the list that is sent: the user's settings, otherwise the page's guess. */
export function formOf(
  head: Head,
  name: string | null,
  { reading, isOfSets }: { readonly reading: Reading; readonly isOfSets: boolean },
): EstimateTextOptions & Pick<Guess, 'format'> {
  const guessed = formatOf(name, head.text);
  // Tabs and spaces separate the members of a set. A table of sets names its columns.
  const isText = isOfSets && guessed === 'csv' && !head.text.includes(FIRST_OF_SET);
  const format = reading.format ?? (isText ? 'text' : guessed);
  const charset = reading.charset === null ? {} : { charset: reading.charset };
  if (format === 'ndjson') return { format };
  if (format === 'text') return { format, ...charset, ...(reading.separator === 'none' && { separator: 'none' }) };
  const { separator, header, idColumn } = reading;
  const guess = guessTable(head.text, characterOf(separator));
  // If the user says that there is no header, the service refuses a column's name.
  const column = reading.column ?? (header === false ? guess.place + 1 : guess.column);
  return {
    format,
    ...charset,
    ...(!isOfSets && { column }),
    ...(idColumn !== null && { idColumn }),
    ...(separator !== null && separator !== 'none' && { separator }),
    ...(header !== null && { header }),
  };
}

/** The character that a separator's name means; null if it is to be detected. */
export function characterOf(name: string | null): string | null {
  if (name === null || name === 'auto' || name === 'none') return null;
  return name === 'tab' ? '\t' : name;
}
