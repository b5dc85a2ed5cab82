import { given } from '../arguments/given.js';
import { decimal, flag, listOf, oneOf, option, short, text } from '../arguments/option.js';
import { JSON_FLAG, OUT, SPREADSHEET } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { download } from '../download.js';
import { EXIT } from '../exit-codes.js';
import { ENDPOINT_NAMES } from '../list/options.js';
import { outForm, refuseSpreadsheet } from '../out-form.js';

const FORMATS = ['ndjson', 'json', 'csv'] as const;

export const diff = defineCommand({
  name: 'diff',
  summary: 'Says what has changed between two jobs of a tag, by default the latest two.',
  takes: ['TAG'],
  options: {
    endpoint: short('e', option('NAME', 'where the tag has several endpoints', oneOf(ENDPOINT_NAMES))),
    'base-job': option('ID', 'the job before', text),
    job: option('ID', 'the job after', text),
    fields: option('LIST', 'fields to compare, with commas', listOf(text)),
    'min-change': option('N', 'smaller changes are none', decimal()),
    same: flag('also what has not changed'),
    format: option('FORMAT', `${FORMATS.join(', ')}; by default from the file's name, else ndjson`, oneOf(FORMATS)),
    spreadsheet: SPREADSHEET,
    out: OUT,
    json: JSON_FLAG,
  },
  async run({ values, args: [tag = ''] }, { client, terminal }) {
    const { endpoint, job, fields, out, json, spreadsheet } = values;
    const asked = values.format ?? (json ? 'json' : undefined);
    const { format, gzip } = outForm({ out, format: asked, formats: FORMATS, usual: 'ndjson' });
    refuseSpreadsheet(spreadsheet, format);
    const filter = given({ endpoint, baseJob: values['base-job'], job, fields, minChange: values['min-change'] });
    const signal = terminal.interrupted;
    const body = await client.downloadTagDiff(tag, {
      ...filter,
      includeSame: values.same,
      format,
      spreadsheet,
      signal,
    });
    await download(body, { out, gzip }, terminal);
    return EXIT.complete;
  },
});
