import { z } from 'zod';
import { rowErrorCode } from './rows.js';

const LIST_FORMATS = ['json', 'text', 'csv', 'ndjson'] as const;
const LIST_ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'us-ascii', 'windows-1252'] as const;

const count = z.int().min(0);
const line = z.int().min(1);
const column = z.union([z.string(), z.int().min(1)]).nullable();

/** How a list was read: what its sender can compare with what was meant. */
export const inputReport = z
  .object({
    format: z.enum(LIST_FORMATS),
    encoding: z.enum(LIST_ENCODINGS),
    separator: z
      .string()
      .nullable()
      .describe('Between the columns of a CSV: the character, or `tab`; null where nothing separates.'),
    header: line.nullable().describe("The line of a CSV's header; null where there is none."),
    column: column.describe('Where the targets of a CSV stand: the name in the header, or the number from 1.'),
    id_column: column.describe('Where the ids stand, likewise; null where there are none.'),
    lines: count.describe('Of the file; in JSON the number of targets.'),
    blank: count.describe('Blank lines, which were passed over.'),
    comments: count.describe('Lines of text that begin with `#`, which were passed over.'),
    invalid_sample: z
      .array(z.object({ line, input: z.string(), code: rowErrorCode, message: z.string() }))
      .describe('The first five invalid rows.'),
    hints: z
      .array(z.object({ line, code: z.string(), message: z.string() }))
      .describe('The first five rows that are valid and look odd.'),
  })
  .meta({ id: 'InputReport', description: 'How a list was read.' });

export type InputReport = z.infer<typeof inputReport>;
export type ListFormat = InputReport['format'];
export type ListEncoding = InputReport['encoding'];
