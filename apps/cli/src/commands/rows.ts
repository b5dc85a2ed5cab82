import { ROW_STATUSES } from '@linkhaul/schemas';
import { given } from '../arguments/given.js';
import { oneOf, option, someOf } from '../arguments/option.js';
import { JSON_FLAG, OUT, SPREADSHEET } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { download } from '../download.js';
import { EXIT } from '../exit-codes.js';
import { textLines } from '../lines.js';
import { outForm, refuseSpreadsheet } from '../out-form.js';
import { rowLine } from '../render/row.js';

const FORMATS = ['text', 'ndjson', 'csv'] as const;

export const rows = defineCommand({
  name: 'rows',
  summary: 'Lists the rows of a job with their outcomes: line, status, target, error, by tabs.',
  takes: ['ID'],
  options: {
    out: OUT,
    format: option('FORMAT', `${FORMATS.join(', ')}; by default from the file's name, else text`, oneOf(FORMATS)),
    spreadsheet: SPREADSHEET,
    status: option('LIST', `some of ${ROW_STATUSES.join(', ')}, with commas`, someOf(ROW_STATUSES)),
    json: JSON_FLAG,
  },
  async run({ values, args: [id = ''] }, { client, terminal }) {
    const { status, out, json, spreadsheet } = values;
    const asked = values.format ?? (json ? 'ndjson' : undefined);
    const { format, gzip } = outForm({ out, format: asked, formats: FORMATS, usual: 'text' });
    refuseSpreadsheet(spreadsheet, format);
    const filter = { ...given({ status }), signal: terminal.interrupted };
    const body =
      format === 'text'
        ? textLines(client.rows(id, filter), rowLine)
        : await client.downloadRows(id, { ...filter, format, spreadsheet });
    await download(body, { out, gzip }, terminal);
    return EXIT.complete;
  },
});
