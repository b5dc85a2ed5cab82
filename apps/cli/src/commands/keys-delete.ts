import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { printable } from '../render/printable.js';
import { say } from '../terminal.js';

export const keysDelete = defineCommand({
  name: 'keys delete',
  summary: 'Takes a key away: it counts no more.',
  takes: ['KEY-ID'],
  options: {},
  async run({ args: [id = ''] }, { transport, terminal }) {
    await transport.send({ method: 'DELETE', path: ['keys', id], signal: terminal.interrupted });
    say(terminal, `Key ${printable(id)} is gone.`);
    return EXIT.complete;
  },
});
