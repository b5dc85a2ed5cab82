import type { InputReport } from '@linkhaul/schemas';
import { counted, formatCount } from './figures.js';
import { printable } from './printable.js';

const MOST_SHOWN = 60;

/** A line on how the list was read, then one for each invalid or odd row of the sample. */
export function inputLines(input: InputReport): string[] {
  const { invalid_sample: invalid, hints } = input;
  return [
    `${formOf(input)}: ${linesOf(input)}`,
    ...invalid.map(
      ({ line, input: text, message }) => `  line ${line}, invalid: ${shortened(text)}  ${printable(message)}`,
    ),
    ...hints.map(({ line, message }) => `  line ${line}, valid but odd: ${printable(message)}`),
  ];
}

const NAMES = { json: 'JSON', text: 'text, one target per line', csv: 'CSV', ndjson: 'NDJSON' } as const;

function formOf({ format, encoding, separator, header, column, id_column: ids }: InputReport): string {
  return [
    NAMES[format],
    encoding,
    ...(separator === null ? [] : [`between columns ${separator === 'tab' ? 'tabs' : `"${printable(separator)}"`}`]),
    ...(format === 'csv' ? [header === null ? 'no header' : `header in line ${header}`] : []),
    ...(column === null ? [] : [`targets from ${columnOf(column)}`]),
    ...(ids === null ? [] : [`ids from ${columnOf(ids)}`]),
  ].join(', ');
}

function columnOf(column: string | number): string {
  return typeof column === 'number' ? `column ${column}` : `"${shortened(column)}"`;
}

function linesOf({ lines, blank, comments }: InputReport): string {
  return [
    counted(lines, 'line'),
    ...(blank === 0 ? [] : [`${formatCount(blank)} of them blank`]),
    ...(comments === 0 ? [] : [counted(comments, 'comment')]),
  ].join(', ');
}

function shortened(text: string): string {
  const characters = [...printable(text)];
  return characters.length <= MOST_SHOWN ? characters.join('') : `${characters.slice(0, MOST_SHOWN - 1).join('')}…`;
}
