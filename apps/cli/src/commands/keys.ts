import { keysPage } from '@linkhaul/schemas';
import { JSON_FLAG } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { formatTable } from '../render/table.js';
import { print } from '../terminal.js';

export const keys = defineCommand({
  name: 'keys',
  summary: "Lists your tenant's API keys, without their secrets.",
  takes: [],
  options: { json: JSON_FLAG },
  async run({ values }, { transport, terminal }) {
    const page = await transport.read({ path: ['keys'], signal: terminal.interrupted }, keysPage);
    const lines = page.keys.map(({ id, name, scope, hint, created_at, last_used_at }) => [
      id,
      name,
      scope,
      `${hint}…`,
      created_at.slice(0, 10),
      last_used_at ?? 'never',
    ]);
    const table = () => formatTable(['id', 'name', 'scope', 'key', 'created', 'last used'], lines);
    print(terminal, values.json ? JSON.stringify(page) : table());
    return EXIT.complete;
  },
});
