import { JSON_FLAG } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { reportState } from '../steer.js';

export const cancel = defineCommand({
  name: 'cancel',
  summary: 'Ends a job: what was not sent is skipped, what is in flight is kept.',
  takes: ['ID'],
  options: { json: JSON_FLAG },
  async run({ values, args: [id = ''] }, { client, terminal }) {
    return reportState(await client.cancel(id, { signal: terminal.interrupted }), values.json, terminal);
  },
});
