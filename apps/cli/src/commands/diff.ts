import { flag, oneOf, option, short, text } from '../arguments/option.js';
import { OUT } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { download } from '../download.js';
import { EXIT } from '../exit-codes.js';
import { ENDPOINT_NAMES, queryOf } from '../list/options.js';

const FORMATS = ['ndjson', 'json', 'csv'] as const;

export const diff = defineCommand({
  name: 'diff',
  summary: 'Says what has changed between two jobs of a tag: the latest and the one before unless told.',
  takes: ['TAG'],
  options: {
    endpoint: short('e', option('NAME', 'where the tag has several endpoints', oneOf(ENDPOINT_NAMES))),
    'base-job': option('ID', 'the job before', text),
    job: option('ID', 'the job after', text),
    fields: option('LIST', 'fields to compare, with commas', text),
    'min-change': option('N', 'smaller changes are none', text),
    same: flag('also what has not changed'),
    format: option('FORMAT', `${FORMATS.join(', ')} (ndjson)`, oneOf(FORMATS)),
    out: OUT,
  },
  async run({ values, args: [tag = ''] }, { transport, terminal }) {
    const { endpoint, job, fields, format = 'ndjson' } = values;
    const query = queryOf({
      endpoint,
      base_job: values['base-job'],
      job,
      fields,
      min_change: values['min-change'],
      include: values.same ? 'same' : undefined,
      format,
    });
    const request = { path: ['tags', tag, 'diff'], query, headers: { accept: '*/*' }, signal: terminal.interrupted };
    await download(await transport.send(request), values.out, terminal);
    return EXIT.complete;
  },
});
