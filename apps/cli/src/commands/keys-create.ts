import { KEY_SCOPES } from '@linkhaul/schemas';
import { oneOf, required, text } from '../arguments/option.js';
import { JSON_FLAG, TENANT } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { print, say } from '../terminal.js';

export const keysCreate = defineCommand({
  name: 'keys create',
  summary: 'Makes an API key and prints it, this once.',
  takes: [],
  options: {
    name: required('NAME', 'what it is for', text),
    scope: required('SCOPE', `${KEY_SCOPES.join(', ')}: each may all that the one before it may`, oneOf(KEY_SCOPES)),
    tenant: TENANT,
    json: JSON_FLAG,
  },
  async run({ values: { name, scope, tenant, json } }, { client, terminal }) {
    const options = { ...(tenant !== undefined && { tenant }), signal: terminal.interrupted };
    const made = await client.createKey({ name, scope }, options);
    print(terminal, json ? JSON.stringify(made) : made.key);
    if (!json) say(terminal, `Key ${made.id} is made. It is not shown again: keep it now.`);
    return EXIT.complete;
  },
});
