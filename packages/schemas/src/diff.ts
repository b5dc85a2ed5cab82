import { z } from 'zod';
import { endpointName } from './endpoints/index.js';
import { rowInput } from './rows.js';

export const CHANGES = ['new', 'lost', 'changed', 'same', 'unknown', 'removed'] as const;

/** The fields that were compared, by their path with dots. */
const values = z.record(z.string(), z.unknown());

export const change = z
  .object({
    key: z
      .record(z.string(), z.string().nullable())
      .describe(
        '`target`, and for lists what identifies an item of the target, such as `page`, `url` or `domain`; null if the line is about the whole row.',
      ),
    id: rowInput.id,
    line: rowInput.line,
    input: rowInput.input,
    change: z.enum(CHANGES),
    before: values.nullable(),
    after: values.nullable(),
    delta: z.record(z.string(), z.number()).nullable().describe('`after` minus `before`, for the numbers that differ.'),
  })
  .meta({
    id: 'Change',
    description:
      'What became of one target, or of one item of a target, between two runs of a tag. `id`, `line` and `input` are those of the row in the later run, or in the earlier one if the later one does not have it.',
  });

export const diffSummary = z
  .object({
    tag: z.string(),
    endpoint: endpointName,
    base_job: z.string(),
    job: z.string(),
    fields: z.array(z.string()),
    counts: z.object({
      new: z.int(),
      lost: z.int(),
      changed: z.int(),
      same: z.int(),
      unknown: z.int(),
      removed: z.int(),
    }),
  })
  .describe('Comes before the changes.');

export type Change = z.infer<typeof change>;
export type DiffSummary = z.infer<typeof diffSummary>;
