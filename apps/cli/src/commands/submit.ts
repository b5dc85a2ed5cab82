import { given } from '../arguments/given.js';
import { flag, option, text } from '../arguments/option.js';
import { ALLOW_INVALID, JSON_FLAG } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { CliFailure } from '../failure.js';
import { LIST_OPTIONS, listFields, RUN_OPTIONS, runFields } from '../list/options.js';
import { upload } from '../list/upload.js';
import { counted, formatCount, formatUsd } from '../render/figures.js';
import { printable } from '../render/printable.js';
import { print, say } from '../terminal.js';
import { finishWatching } from './watch.js';

export const submit = defineCommand({
  name: 'submit',
  summary: 'Sends a list as a job. Prints its id.',
  takes: ['FILE|-'],
  options: {
    ...LIST_OPTIONS,
    ...RUN_OPTIONS,
    'idempotency-key': option('KEY', 'the same key gives the same job: safe to send again', text),
    wait: flag('show its progress until it rests; the exit code says how it ended'),
    'allow-invalid': ALLOW_INVALID,
    json: JSON_FLAG,
  },
  notes: [
    'A list is text with a target a line, CSV or NDJSON, gzipped or not; - is standard input.',
    '',
    '  linkhaul submit domains.txt -e bulk_backlinks --tag weekly --max-cost 5 --wait',
    '  cut -f1 sites.tsv | linkhaul submit - -e bulk_pages_summary',
  ],
  async run({ values, args: [file = ''] }, context) {
    const { client, terminal } = context;
    const fields = { ...listFields(values), ...runFields(values) };
    const once = given({ idempotencyKey: values['idempotency-key'] });
    const submitted = await upload({ file, values }, terminal, (body, options) =>
      client.submitText(fields, body, { ...options, ...once }),
    ).catch((error: unknown) => {
      throw terminal.interrupted.aborted ? interruptedUpload() : error;
    });
    if (values.wait) {
      const { json: asJson, 'allow-invalid': allowInvalid } = values;
      // The id goes out at once, so that whoever reads it has it while the job runs.
      if (!asJson) print(terminal, submitted.id);
      return finishWatching(submitted.id, { asJson, allowInvalid, summaryTo: 'screen' }, context);
    }
    print(terminal, values.json ? JSON.stringify(submitted) : submitted.id);
    if (!values.json) {
      const { rows, cost, id } = submitted;
      const invalid = rows.invalid > 0 ? `, ${formatCount(rows.invalid)} of them invalid` : '';
      const price = `${formatUsd(cost.estimated_usd)} estimated`;
      say(terminal, `Accepted: ${counted(rows.total, 'row')}${invalid}, ${price}. linkhaul watch ${id}`);
      if (submitted.bound_detail !== null) say(terminal, `It waits: ${printable(submitted.bound_detail)}`);
    }
    return EXIT.complete;
  },
});

function interruptedUpload(): CliFailure {
  return new CliFailure(EXIT.interrupted, 'Interrupted while sending: nothing runs, unless `linkhaul jobs` shows it.');
}
