import { given } from '../arguments/given.js';
import { CURSOR, JSON_FLAG } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { badInput } from '../failure.js';
import { watchesTable, watchSummary } from '../render/watches.js';
import { print, say, sayNext } from '../terminal.js';

export const watches = defineCommand({
  name: 'watches',
  summary: 'Lists watches, lists that are run again by a schedule, or shows one.',
  takes: ['[NAME]'],
  options: { cursor: CURSOR, json: JSON_FLAG },
  async run({ values: { cursor, json }, args: [name] }, { client, terminal }) {
    const signal = terminal.interrupted;
    if (name !== undefined) {
      if (cursor !== undefined) throw badInput('--cursor is for the list of all watches.');
      const watch = await client.watch(name, { signal });
      print(terminal, json ? JSON.stringify(watch) : watchSummary(watch));
      return EXIT.complete;
    }
    const page = await client.watches({ ...given({ cursor }), signal });
    if (json || page.watches.length > 0) print(terminal, json ? JSON.stringify(page) : watchesTable(page.watches));
    else say(terminal, 'There are no watches yet: linkhaul watches set NAME FILE makes one.');
    if (!json) sayNext(terminal, page.next_cursor);
    return EXIT.complete;
  },
});
