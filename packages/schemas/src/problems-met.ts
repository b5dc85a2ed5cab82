import { z } from 'zod';
import { nextCursor } from './next-cursor.js';

export const PROBLEM_KINDS = {
  call: 'Calls with failed rows; `code` is that of the rows.',
  pause: 'Jobs that paused, but not by a user; `code` is the reason.',
  delivery: 'Webhook deliveries that were given up; `code` is `http_<status>`, or why there was no answer.',
  look_up: "Failed look-ups of the upstream's record. They concern the account, which all tenants share.",
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
    tenant: z.string().nullable().describe('Null if it concerns the account.'),
    count: z.int().min(1),
    last_at: z.iso.datetime(),
    jobs: z.array(z.string()).describe('Up to five jobs that met it, the latest first.'),
    detail: z.string().nullable().describe('What was said about the last one; null if nothing was.'),
  })
  .meta({ id: 'ProblemMet', description: 'What went wrong, and how often.' });

/** `GET /v1/problems`. */
export const problemsPage = z
  .object({
    since: z.iso.datetime().describe('The beginning of the first hour that is counted.'),
    problems: z.array(problemMet),
    next_cursor: nextCursor,
  })
  .meta({ id: 'ProblemsPage', description: 'The latest problem first.' });

export type ProblemMet = z.infer<typeof problemMet>;
export type ProblemsPage = z.infer<typeof problemsPage>;
