import { shownApiKey } from '@linkhaul/schemas';
import { JSON_FLAG } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { print, say } from '../terminal.js';

export const keysRotate = defineCommand({
  name: 'keys rotate',
  summary: 'Gives a key another secret and prints it, this once. The one before counts no more.',
  takes: ['KEY-ID'],
  options: { json: JSON_FLAG },
  async run({ values: { json }, args: [id = ''] }, { transport, terminal }) {
    const request = { method: 'POST', path: ['keys', id, 'rotate'], signal: terminal.interrupted } as const;
    const made = await transport.read(request, shownApiKey);
    print(terminal, json ? JSON.stringify(made) : made.key);
    if (!json) say(terminal, `Key ${made.id} has a new secret. It is not shown again: keep it now.`);
    return EXIT.complete;
  },
});
