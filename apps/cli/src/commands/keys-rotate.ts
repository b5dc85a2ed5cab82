import { JSON_FLAG, TENANT } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { print, say } from '../terminal.js';

export const keysRotate = defineCommand({
  name: 'keys rotate',
  summary: 'Gives a key a new secret and prints it, this once. The old secret is no longer valid.',
  takes: ['KEY-ID'],
  options: { tenant: TENANT, json: JSON_FLAG },
  async run({ values: { tenant, json }, args: [id = ''] }, { client, terminal }) {
    const made = await client.rotateKey(id, { ...(tenant !== undefined && { tenant }), signal: terminal.interrupted });
    print(terminal, json ? JSON.stringify(made) : made.key);
    if (!json) say(terminal, `Key ${made.id} has a new secret. It is not shown again: keep it now.`);
    return EXIT.complete;
  },
});
