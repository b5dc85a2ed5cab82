import { z } from 'zod';
import { nextCursor } from './next-cursor.js';

export const PROBLEM_KINDS = {
  call: 'Calls with failed rows; `code` is that of the rows.',
  pause: 'Jobs that paused, but not by a user; `code` is the reason.',
  delivery: 'Webhook deliveries that were given up; `code` is `http_<status>`, or why there was no answer.',
  look_up: "Look-ups of the upstream's record that failed; of the account, which all tenants share.",
} as const;

export const problemMet = z
  .object({
    kind: z
      .enum(Object.keys(PROBLEM_KINDS) as [keyof typeof PROBLEM_KINDS, ...(keyof typeof PROBLEM_KINDS)[]])
      .describe(
        Object.entries(PROBLEM_KINDS)
          .map(([kind, says]) => `\`${kind}\`: ${says}`)
          .join(' '),
      ),
    code: z.string(),
    tenant: z.string().nullable().describe('Null where it is of the account.'),
    count: z.int().min(1),
    last_at: z.iso.datetime(),
    jobs: z.array(z.string()).describe('Up to five that met it, the latest first.'),
    detail: z.string().nullable().describe('The last one in words, where there are any.'),
  })
  .meta({ id: 'ProblemMet', description: 'What went wrong, and how often.' });

/** `GET /v1/problems`. */
export const problemsPage = z
  .object({
    since: z.iso.datetime().describe('The beginning of the first hour that is counted.'),
    problems: z.array(problemMet),
    next_cursor: nextCursor,
  })
  .meta({ id: 'ProblemsPage', description: 'The one that happened last comes first.' });

export type ProblemMet = z.infer<typeof problemMet>;
export type ProblemsPage = z.infer<typeof problemsPage>;
