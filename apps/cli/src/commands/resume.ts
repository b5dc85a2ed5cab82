import { option, usd } from '../arguments/option.js';
import { JSON_FLAG } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { reportState } from '../steer.js';

export const resume = defineCommand({
  name: 'resume',
  summary: 'Lets a paused job go on, with a new budget where one is given.',
  takes: ['ID'],
  options: { 'max-cost': option('USD', 'the new budget, of all that the job costs', usd), json: JSON_FLAG },
  async run({ values, args: [id = ''] }, { client, terminal }) {
    const maxCostUsd = values['max-cost'];
    const options = { signal: terminal.interrupted, ...(maxCostUsd !== undefined && { maxCostUsd }) };
    return reportState(await client.resume(id, options), values.json, terminal);
  },
});
