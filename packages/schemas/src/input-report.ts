import { z } from 'zod';
import { rowErrorCode } from './rows.js';

const LIST_FORMATS = ['json', 'text', 'csv', 'ndjson'] as const;
const LIST_ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'us-ascii', 'windows-1252'] as const;

const count = z.int().min(0);
const line = z.int().min(1);
const column = z.union([z.string(), z.int().min(1)]).nullable();

/** How a list was read, so that its sender can compare that with what was meant. */
export const inputReport = z
  .object({
    format: z.enum(LIST_FORMATS),
    encoding: z.enum(LIST_ENCODINGS),
    separator: z
      .string()
      .nullable()
      .describe('The character between the columns of a CSV, or `tab`; null if there is none.'),
    header: line.nullable().describe("The line of a CSV's header; null if there is none."),
    column: column.describe('The column of a CSV that has the targets: its name in the header, or its number from 1.'),
    id_column: column.describe('The column that has the ids, likewise; null if there are none.'),
    lines: count.describe('Lines of the file; in JSON the number of targets.'),
    blank: count.describe('Blank lines, which are ignored.'),
    comments: count.describe('Lines of text that begin with `#`, which are ignored.'),
    invalid_sample: z
      .array(z.object({ line, input: z.string(), code: rowErrorCode, message: z.string() }))
      .describe('The first five invalid rows.'),
    hints: z
      .array(z.object({ line, code: z.string(), message: z.string() }))
      .describe('The first five rows that are valid but look odd.'),
  })
  .meta({ id: 'InputReport', description: 'How a list was read.' });

export type InputReport = z.infer<typeof inputReport>;
export type ListFormat = InputReport['format'];
export type ListEncoding = InputReport['encoding'];
