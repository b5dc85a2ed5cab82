import { JSON_FLAG } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { reportState } from '../steer.js';

export const pause = defineCommand({
  name: 'pause',
  summary: 'Stops sending; what is in flight is kept.',
  takes: ['ID'],
  options: { json: JSON_FLAG },
  async run({ values, args: [id = ''] }, { client, terminal }) {
    return reportState(await client.pause(id, { signal: terminal.interrupted }), values.json, terminal);
  },
});
