import type { InputReport, Job } from '@linkhaul/schemas';
import { flag, option, text } from '../arguments/option.js';
import { ALLOW_INVALID, JSON_FLAG } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { badInput, CliFailure } from '../failure.js';
import { LIST_OPTIONS, listFields, RUN_OPTIONS, runFields } from '../list/options.js';
import { counted, formatCount, formatUsd } from '../render/figures.js';
import { inputLines } from '../render/input.js';
import { MISREAD, mostlyInvalid } from '../render/job.js';
import { printable } from '../render/printable.js';
import { submitList } from '../submission/submit-list.js';
import { print, say, type Terminal } from '../terminal.js';
import { finishWatching } from './watch.js';

export const submit = defineCommand({
  name: 'submit',
  summary: 'Sends a list as a job. Prints its id.',
  takes: ['FILE|-'],
  options: {
    ...LIST_OPTIONS,
    ...RUN_OPTIONS,
    again: flag('a new job, also where one of the same FILE and options is not finished'),
    'idempotency-key': option('KEY', 'the same key gives the same job; a FILE has one of its own', text),
    wait: flag('show its progress until it rests; the exit code says how it ended'),
    'allow-invalid': ALLOW_INVALID,
    json: JSON_FLAG,
  },
  notes: [
    'The same command again, after Ctrl-C too, finds the job of its FILE until that is finished: nothing is bought twice.',
    'A list is text with one target per line, CSV, TSV, NDJSON or a JSON array, gzipped or not; - is standard input.',
    '',
    '  linkhaul submit domains.txt -e bulk_backlinks --tag weekly --max-cost 5 --wait',
    '  linkhaul submit export.csv -e bulk_pages_summary --column "Referring page URL"',
    '  cut -f1 sites.tsv | linkhaul submit - -e bulk_pages_summary',
  ],
  async run({ values, args: [file = ''] }, context) {
    const { terminal } = context;
    const fields = { ...listFields(values), ...runFields(values) };
    const { 'idempotency-key': idempotencyKey, again, wait, json: asJson, 'allow-invalid': allowInvalid } = values;
    if (again && (file === '-' || idempotencyKey !== undefined)) {
      throw badInput('--again goes with a FILE, and no --idempotency-key: only its own key is kept.');
    }
    const submission = { file, values, fields, idempotencyKey, again };
    const { job, isNew, said } = await submitList(submission, context).catch((error: unknown) => {
      throw terminal.interrupted.aborted && !(error instanceof CliFailure) ? interruptedUpload() : error;
    });
    if (job.input !== undefined && !asJson) sayInput(job.input, terminal);
    // Printed at once, so that a script has the id while the job runs.
    if (!asJson) print(terminal, job.id);
    else if (!wait) print(terminal, JSON.stringify(job));
    if (isNew && !wait && !asJson) sayAccepted(job, terminal);
    const exit = wait
      ? await finishWatching(job.id, { asJson, allowInvalid, summaryTo: 'screen' }, context)
      : EXIT.complete;
    await said();
    return exit;
  },
});

function sayInput(input: InputReport, terminal: Terminal): void {
  const [first = '', ...others] = inputLines(input);
  for (const line of [`List read as ${first}`, ...others]) say(terminal, line);
}

function sayAccepted({ id, rows, cost, bound_detail: detail }: Job, terminal: Terminal): void {
  const invalid = rows.invalid > 0 ? `, ${formatCount(rows.invalid)} of them invalid` : '';
  const price = `${formatUsd(cost.estimated_usd)} estimated`;
  say(terminal, `Accepted: ${counted(rows.total, 'row')}${invalid}, ${price}. linkhaul watch ${id}`);
  if (mostlyInvalid(rows)) say(terminal, MISREAD);
  if (detail !== null) say(terminal, `It waits: ${printable(detail)}`);
}

function interruptedUpload(): CliFailure {
  return new CliFailure(EXIT.interrupted, 'Interrupted while sending: nothing runs, unless `linkhaul jobs` shows it.');
}
