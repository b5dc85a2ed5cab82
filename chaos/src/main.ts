import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CASES } from './cases.js';
import { headOfTable, rowOfCase } from './report.js';
import { type Finding, runCase } from './run-case.js';

const TIMES = 20;

const [, , ...words] = process.argv;
const times = Number(words.find((word) => /^\d+$/.test(word)) ?? TIMES);
const names = words.filter((word) => !/^\d+$/.test(word));
const unknown = names.find((name) => !CASES.some((one) => one.name === name));
if (unknown !== undefined) {
  process.stderr.write(`There is no case ${unknown}. Usage: pnpm chaos [case…] [times]\n`);
  process.stderr.write(`Cases: ${CASES.map(({ name }) => name).join(', ')}\n`);
  process.exitCode = 1;
} else {
  await runAll(CASES.filter(({ name }) => names.length === 0 || names.includes(name)));
}

/** Prints the faults of each run at once, and a row for each case when all its runs are done. */
async function runAll(cases: typeof CASES): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'linkhaul-chaos-graph-'));
  process.stdout.write(`${headOfTable()}\n`);
  for (const one of cases) {
    const findings: Finding[] = [];
    for (let run = 1; run <= times; run++) {
      const finding = await runCase(one, { given: process.env, graph: join(folder, 'graph.duckdb') });
      findings.push(finding);
      for (const fault of finding.faults) process.stderr.write(`${one.name}, run ${run}: ${fault}\n`);
      if (finding.faults.length > 0) process.exitCode = 1;
    }
    process.stdout.write(`${rowOfCase(one, findings)}\n`);
  }
  await rm(folder, { recursive: true, force: true });
}
