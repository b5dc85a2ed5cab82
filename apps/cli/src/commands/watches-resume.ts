import { JSON_FLAG } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { watchSummary } from '../render/watches.js';
import { print } from '../terminal.js';

export const watchesResume = defineCommand({
  name: 'watches resume',
  summary: 'Lets a watch run by its schedule again.',
  takes: ['NAME'],
  options: { json: JSON_FLAG },
  async run({ values: { json }, args: [name = ''] }, { client, terminal }) {
    const watch = await client.resumeWatch(name, { signal: terminal.interrupted });
    print(terminal, json ? JSON.stringify(watch) : watchSummary(watch));
    return EXIT.complete;
  },
});
