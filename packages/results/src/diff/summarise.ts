import type { AlertRule, Change } from '@linkhaul/schemas';
import { type ChangeCounts, noChanges } from './compare-jobs.js';
import type { Compared } from './join.js';
import { createRuleJudge, type JudgedRule } from './judge-rule.js';
import { createLargest } from './largest.js';
import { type ComparedTotal, numberAt } from './numbers.js';

/** A summary of what changed between two runs. */
export interface RunSummary {
  readonly counts: ChangeCounts;
  /** By field. */
  readonly totals: Readonly<Record<string, ComparedTotal>>;
  /** The sum of the main field over all that the later run knows. */
  readonly total: number;
  /** The changes with the largest differences of the main field, the largest first. */
  readonly largest: readonly Change[];
  /** Rules that hold. */
  readonly alerts: readonly JudgedRule[];
}

interface Summarising {
  /** The fields to add up. */
  readonly numbers: readonly string[];
  readonly main: string;
  readonly rules: readonly AlertRule[];
}

/** Takes every change between two runs, and summarises them. */
export async function summarise(
  changes: AsyncIterable<Compared>,
  { numbers, main, rules }: Summarising,
): Promise<RunSummary> {
  const counts = noChanges();
  const totals = Object.fromEntries(numbers.map((name) => [name, { before: 0, after: 0 }]));
  const judges = rules.map(createRuleJudge);
  const largest = createLargest(main);
  let total = 0;
  for await (const { change, isInBoth } of changes) {
    counts[change.change]++;
    if (change.change === 'unknown' || change.change === 'removed') continue;
    total += numberAt(change.after, main);
    // A target that the earlier run did not ask for cannot be compared.
    if (!isInBoth) continue;
    for (const [name, sum] of Object.entries(totals)) {
      sum.before += numberAt(change.before, name);
      sum.after += numberAt(change.after, name);
    }
    for (const judge of judges) judge.take(change);
    if (change.change !== 'same') largest.take(change);
  }
  const known = counts.same + counts.changed + counts.lost;
  const alerts = judges.map((judge) => judge.end({ totals, known })).filter((judged) => judged !== null);
  return { counts, totals, total, largest: largest.all(), alerts };
}
