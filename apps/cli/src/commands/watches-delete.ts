import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { printable } from '../render/printable.js';
import { say } from '../terminal.js';

export const watchesDelete = defineCommand({
  name: 'watches delete',
  summary: 'Deletes a watch: it stops at once. Its jobs stay.',
  takes: ['NAME'],
  options: {},
  async run({ args: [name = ''] }, { client, terminal }) {
    await client.removeWatch(name, { signal: terminal.interrupted });
    say(terminal, `Watch ${printable(name)} is gone.`);
    return EXIT.complete;
  },
});
