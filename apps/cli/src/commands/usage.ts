import { usagePage } from '@linkhaul/schemas';
import { oneOf, option, text } from '../arguments/option.js';
import { CURSOR, JSON_FLAG, OUT } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { download } from '../download.js';
import { EXIT } from '../exit-codes.js';
import { badInput } from '../failure.js';
import { queryOf } from '../list/options.js';
import { usageTable } from '../render/usage.js';
import { print, say } from '../terminal.js';

export const usage = defineCommand({
  name: 'usage',
  summary: 'Says what was bought, by day, tag, endpoint or what you like.',
  takes: [],
  options: {
    from: option('DATE', 'first day, UTC (30 days ago)', text),
    to: option('DATE', 'first day no longer counted', text),
    'group-by': option('LIST', 'tenant, tag, endpoint, day, month, metadata.NAME, with commas (day)', text),
    format: option('FORMAT', 'csv: the whole of it', oneOf(['csv'])),
    out: OUT,
    cursor: CURSOR,
    json: JSON_FLAG,
  },
  async run({ values }, { transport, terminal }) {
    const { from, to, cursor, format, out } = values;
    if (out !== undefined && format === undefined) throw badInput('-o goes with --format csv.');
    const query = queryOf({ from, to, group_by: values['group-by'], cursor, format });
    const request = { path: ['usage'], query, signal: terminal.interrupted };
    if (format === 'csv') {
      await download(await transport.send({ ...request, headers: { accept: '*/*' } }), out, terminal);
      return EXIT.complete;
    }
    const page = await transport.read(request, usagePage);
    print(terminal, values.json ? JSON.stringify(page) : usageTable(page));
    if (page.next_cursor !== null && !values.json) say(terminal, `next: --cursor ${page.next_cursor}`);
    return EXIT.complete;
  },
});
