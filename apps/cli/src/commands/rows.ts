import { ROW_STATUSES } from '@linkhaul/schemas';
import { given } from '../arguments/given.js';
import { oneOf, option, someOf } from '../arguments/option.js';
import { JSON_FLAG, OUT } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { download } from '../download.js';
import { EXIT } from '../exit-codes.js';
import { badInput } from '../failure.js';
import { writeLines } from '../lines.js';
import { rowLine } from '../render/row.js';

const FORMATS = ['text', 'ndjson', 'csv'] as const;

export const rows = defineCommand({
  name: 'rows',
  summary: 'Lists the rows of a job with their outcomes: line, status, target, error, by tabs.',
  takes: ['ID'],
  options: {
    out: OUT,
    format: option('FORMAT', `${FORMATS.join(', ')} (text)`, oneOf(FORMATS)),
    status: option('LIST', `some of ${ROW_STATUSES.join(', ')}, with commas`, someOf(ROW_STATUSES)),
    json: JSON_FLAG,
  },
  async run({ values, args: [id = ''] }, { client, terminal }) {
    const { status, out, format = values.json ? 'ndjson' : 'text' } = values;
    const filter = { ...given({ status }), signal: terminal.interrupted };
    if (format === 'text') {
      if (out !== undefined) throw badInput('-o goes with --format ndjson or csv.');
      await writeLines(client.rows(id, filter), rowLine, terminal);
      return EXIT.complete;
    }
    await download(await client.downloadRows(id, { ...filter, format }), out, terminal);
    return EXIT.complete;
  },
});
