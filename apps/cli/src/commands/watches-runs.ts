import { given } from '../arguments/given.js';
import { CURSOR, JSON_FLAG } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { runsTable } from '../render/watches.js';
import { print, say, sayNext } from '../terminal.js';

export const watchesRuns = defineCommand({
  name: 'watches runs',
  summary: 'Lists the runs of a watch, the latest first.',
  takes: ['NAME'],
  options: { cursor: CURSOR, json: JSON_FLAG },
  async run({ values: { cursor, json }, args: [name = ''] }, { client, terminal }) {
    const page = await client.watchRuns(name, { ...given({ cursor }), signal: terminal.interrupted });
    if (json || page.runs.length > 0) print(terminal, json ? JSON.stringify(page) : runsTable(page.runs));
    else say(terminal, `It has not run yet: linkhaul watches run ${name}`);
    if (!json) sayNext(terminal, page.next_cursor);
    return EXIT.complete;
  },
});
