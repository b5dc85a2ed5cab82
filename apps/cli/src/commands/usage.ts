import type { UsageGroup } from '@linkhaul/client/service';
import { given } from '../arguments/given.js';
import { listOf, oneOf, option, text } from '../arguments/option.js';
import { CURSOR, JSON_FLAG, OUT, SPREADSHEET } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { download } from '../download.js';
import { EXIT } from '../exit-codes.js';
import { badInput } from '../failure.js';
import { outForm, refuseSpreadsheet } from '../out-form.js';
import { usageTable } from '../render/usage.js';
import { print, sayNext } from '../terminal.js';

const FORMATS = ['csv'] as const;
const GROUPS = ['tenant', 'tag', 'endpoint', 'watch', 'day', 'month', 'metadata.NAME'] as const;

export const usage = defineCommand({
  name: 'usage',
  summary: 'Says what was bought, by day, tag, endpoint or what you like.',
  takes: [],
  options: {
    from: option('DATE', 'first day, UTC (30 days ago)', text),
    to: option('DATE', 'first day no longer counted', text),
    'group-by': option('LIST', `${GROUPS.join(', ')}, with commas (day)`, listOf(group)),
    format: option('FORMAT', 'csv: all of it; by default from the name of the -o file', oneOf(FORMATS)),
    spreadsheet: SPREADSHEET,
    out: OUT,
    cursor: CURSOR,
    json: JSON_FLAG,
  },
  async run({ values }, { client, terminal }) {
    const { from, to, cursor, out, spreadsheet } = values;
    const usual = out === undefined ? 'table' : 'csv';
    const { format, gzip } = outForm({ out, format: values.format, formats: FORMATS, usual });
    refuseSpreadsheet(spreadsheet, format);
    if (cursor !== undefined && format === 'csv') throw badInput('--cursor is for pages: --format csv has all.');
    const filter = { ...given({ from, to, groupBy: values['group-by'] }), signal: terminal.interrupted };
    if (format === 'csv') {
      await download(await client.downloadUsage({ ...filter, spreadsheet }), { out, gzip }, terminal);
      return EXIT.complete;
    }
    const page = await client.usage({ ...filter, ...given({ cursor }) });
    print(terminal, values.json ? JSON.stringify(page) : usageTable(page));
    if (!values.json) sayNext(terminal, page.next_cursor);
    return EXIT.complete;
  },
});

function group(given: string): UsageGroup {
  return isOfMetadata(given) ? given : oneOf(GROUPS)(given);
}

function isOfMetadata(given: string): given is `metadata.${string}` {
  return given.startsWith('metadata.');
}
