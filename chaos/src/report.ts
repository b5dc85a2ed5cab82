import type { Case } from './case.js';
import type { Finding } from './run-case.js';

const HEAD = [
  'case',
  'what happens',
  'runs',
  'lost',
  'doubled',
  'undelivered',
  'limit answers',
  'ledger - record',
  'back',
  'memory',
];

export function headOfTable(): string {
  return [rowOf(HEAD), rowOf(HEAD.map(() => '---'))].join('\n');
}

/** A row of the table in docs/operations.md: the worst of all runs. */
export function rowOfCase({ name, what }: Case, findings: readonly Finding[]): string {
  const most = (value: (finding: Finding) => number) => Math.max(...findings.map(value));
  const backs = findings.map(({ backMs }) => backMs).filter((ms) => ms !== null);
  const largest = findings.map(({ ledgerMinusRecord }) => ledgerMinusRecord);
  return rowOf([
    `\`${name}\``,
    what,
    String(findings.length),
    String(most(({ lost }) => lost)),
    String(most(({ doubled }) => doubled)),
    String(most(({ undelivered }) => undelivered)),
    String(most(({ limitAnswers }) => limitAnswers)),
    String(largest.find((nanos) => nanos !== 0) ?? 0),
    backs.length === 0 ? '-' : `${(Math.max(...backs) / 1000).toFixed(1)} s`,
    `${Math.round(most(({ peakMiB }) => peakMiB))} MiB`,
  ]);
}

function rowOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
