import { TENANT } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { printable } from '../render/printable.js';
import { say } from '../terminal.js';

export const keysDelete = defineCommand({
  name: 'keys delete',
  summary: 'Deletes a key: it is no longer valid.',
  takes: ['KEY-ID'],
  options: { tenant: TENANT },
  async run({ values: { tenant }, args: [id = ''] }, { client, terminal }) {
    await client.revokeKey(id, { ...(tenant !== undefined && { tenant }), signal: terminal.interrupted });
    say(terminal, `Key ${printable(id)} is gone.`);
    return EXIT.complete;
  },
});
