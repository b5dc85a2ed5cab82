import { RETRY_CODES } from '@linkhaul/schemas';
import { flag, option, someOf, usd } from '../arguments/option.js';
import { ALLOW_INVALID, JSON_FLAG } from '../arguments/shared.js';
import { defineCommand } from '../command.js';
import { reportState } from '../steer.js';
import { finishWatching } from './watch.js';

export const retry = defineCommand({
  name: 'retry',
  summary: 'Runs failed and skipped rows of a finished job again, in place.',
  takes: ['ID'],
  options: {
    status: option('LIST', 'failed, skipped, or both with a comma (both)', someOf(['failed', 'skipped'])),
    codes: option('LIST', 'only rows with these error codes, with commas', someOf(RETRY_CODES)),
    all: flag('also rows that will probably fail again, such as those that the upstream has rejected'),
    buy: flag('also buy again answers that arrived and still cannot be read (answer_unreadable)'),
    'max-cost': option('USD', 'the new budget, of all that the job costs', usd),
    wait: flag('show its progress until it rests; the exit code says how it ended'),
    'allow-invalid': ALLOW_INVALID,
    json: JSON_FLAG,
  },
  async run({ values, args: [id = ''] }, context) {
    const { client, terminal } = context;
    const { status, codes, all, buy, 'max-cost': maxCostUsd } = values;
    const again = await client.retry(id, {
      ...(status !== undefined && { status }),
      ...(codes !== undefined && { codes }),
      ...(all && { retryableOnly: false }),
      ...(buy && { buy }),
      ...(maxCostUsd !== undefined && { maxCostUsd }),
      signal: terminal.interrupted,
    });
    if (!values.wait) return reportState(again, values.json, terminal);
    return finishWatching(
      again.id,
      { asJson: values.json, allowInvalid: values['allow-invalid'], summaryTo: 'stdout' },
      context,
    );
  },
});
