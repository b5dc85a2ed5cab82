import { ROW_STATUSES } from '@linkhaul/schemas';
import { oneOf, option, someOf } from '../arguments/option.js';
import { JSON_FLAG, OUT } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { download } from '../download.js';
import { EXIT } from '../exit-codes.js';
import { badInput } from '../failure.js';
import { writeLines } from '../lines.js';
import { queryOf } from '../list/options.js';
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
  async run({ values, args: [id = ''] }, { client, transport, terminal }) {
    const { status, out, format = values.json ? 'ndjson' : 'text' } = values;
    const signal = terminal.interrupted;
    if (format === 'text') {
      if (out !== undefined) throw badInput('-o goes with --format ndjson or csv.');
      await writeLines(client.rows(id, { ...(status && { status }), signal }), rowLine, terminal);
      return EXIT.complete;
    }
    const query = queryOf({ format, status: status?.join(',') });
    const response = await transport.send({ path: ['jobs', id, 'rows'], query, headers: { accept: '*/*' }, signal });
    await download(response, out, terminal);
    return EXIT.complete;
  },
});
