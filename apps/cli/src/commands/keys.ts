import { JSON_FLAG, TENANT } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { formatTable } from '../render/table.js';
import { print } from '../terminal.js';

export const keys = defineCommand({
  name: 'keys',
  summary: "Lists your tenant's API keys, without their secrets.",
  takes: [],
  options: { tenant: TENANT, json: JSON_FLAG },
  async run({ values: { tenant, json } }, { client, terminal }) {
    const all = await client.keys({ ...(tenant !== undefined && { tenant }), signal: terminal.interrupted });
    const lines = all.map(({ id, name, scope, hint, created_at, last_used_at }) => [
      id,
      name,
      scope,
      hint,
      created_at.slice(0, 10),
      last_used_at ?? 'never',
    ]);
    const table = () => formatTable(['id', 'name', 'scope', 'key', 'created', 'last used'], lines);
    print(terminal, json ? JSON.stringify({ keys: all, next_cursor: null }) : table());
    return EXIT.complete;
  },
});
