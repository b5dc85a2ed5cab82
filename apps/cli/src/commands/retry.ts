import { job } from '@linkhaul/schemas';
import { flag, option, someOf, text, usd } from '../arguments/option.js';
import { JSON_FLAG } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { reportState } from '../steer.js';
import { finishWatching } from './watch.js';

export const retry = defineCommand({
  name: 'retry',
  summary: 'Runs failed and skipped rows of a finished job again, in place.',
  takes: ['ID'],
  options: {
    status: option('LIST', 'failed, skipped, or both with a comma (both)', someOf(['failed', 'skipped'])),
    codes: option('LIST', 'only rows with these error codes, with commas', (given) => text(given).split(',')),
    all: flag('also rows that will hardly succeed'),
    'max-cost': option('USD', 'the new budget, of all that the job costs', usd),
    wait: flag('show its progress until it rests; the exit code says how it ended'),
    json: JSON_FLAG,
  },
  async run({ values, args: [id = ''] }, context) {
    const { transport, terminal } = context;
    const { status, codes, all } = values;
    const body = JSON.stringify({
      status,
      codes,
      retryable_only: all ? false : undefined,
      max_cost_usd: values['max-cost'],
    });
    const headers = { 'content-type': 'application/json' };
    const path = ['jobs', id, 'retry'];
    const again = await transport.read({ method: 'POST', path, headers, body, signal: terminal.interrupted }, job);
    if (!values.wait) return reportState(again, values.json, terminal);
    return finishWatching(again.id, { asJson: values.json, summaryTo: 'stdout' }, context);
  },
});
