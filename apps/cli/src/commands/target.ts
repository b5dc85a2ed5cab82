import { given } from '../arguments/given.js';
import { oneOf, option, short } from '../arguments/option.js';
import { CURSOR, JSON_FLAG } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { ENDPOINT_NAMES } from '../list/options.js';
import { targetTable } from '../render/target.js';
import { print, sayNext } from '../terminal.js';

export const target = defineCommand({
  name: 'target',
  summary: "Shows one target's numbers in each job of a tag, the newest first.",
  takes: ['TAG', 'TARGET'],
  options: {
    endpoint: short('e', option('NAME', 'where the tag has several endpoints', oneOf(ENDPOINT_NAMES))),
    cursor: CURSOR,
    json: JSON_FLAG,
  },
  async run({ values, args: [tag = '', wanted = ''] }, { client, terminal }) {
    const { endpoint, cursor, json } = values;
    const filter = { ...given({ endpoint, cursor }), signal: terminal.interrupted };
    const found = await client.tagTarget(tag, wanted, filter);
    print(terminal, json ? JSON.stringify(found) : targetTable(found));
    if (!json) sayNext(terminal, found.next_cursor);
    return EXIT.complete;
  },
});
