import { setTimeout as pause } from 'node:timers/promises';
import type { RecoveryView } from '@linkhaul/schemas';
import { flag } from '../arguments/option.js';
import { JSON_FLAG } from '../arguments/shared.js';
import { type Context, defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { CliFailure } from '../failure.js';
import { counted, formatCount } from '../render/figures.js';
import { printable } from '../render/printable.js';
import { print, say } from '../terminal.js';

const ROUND_MS = 500;

export const recover = defineCommand({
  name: 'recover',
  summary: "Brings everything back from storage after Redis has lost it. Needs the admin's key, and a running worker.",
  takes: [],
  options: {
    go: flag('jobs that were running go on by themselves; otherwise they wait for `resume`'),
    json: JSON_FLAG,
  },
  notes: [
    'Nothing is sent meanwhile. Ctrl-C ends the display, not the recovery; the same command shows it again.',
    'Exit code 3: parts of storage could not be read, and are missing.',
  ],
  async run({ values: { go, json } }, context) {
    const { client, terminal } = context;
    const begun = await client.recovery({ signal: terminal.interrupted });
    if (begun.state !== 'asked' && begun.state !== 'running')
      await client.recover({ go, signal: terminal.interrupted });
    const ended = await followRecovery(context);
    print(terminal, json ? JSON.stringify(ended) : printable(sentence(ended)));
    for (const path of json ? [] : ended.unreadable)
      say(terminal, printable(`Cannot be read, and is missing: ${path}`));
    return ended.unreadable.length > 0 ? EXIT.partial : EXIT.complete;
  },
});

/** Says how far the recovery is at each change, until it is done. */
async function followRecovery({ client, terminal }: Context): Promise<RecoveryView> {
  const { interrupted: signal } = terminal;
  let lastLine = '';
  try {
    for (;;) {
      const now = await client.recovery({ signal });
      if (now.state === 'done') return now;
      if (now.state === 'none')
        throw new CliFailure(EXIT.unreachable, 'Redis has lost everything again: run this once more.');
      const line = progressLine(now);
      if (line !== lastLine) say(terminal, printable(line));
      lastLine = line;
      await pause(ROUND_MS, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new CliFailure(EXIT.interrupted, 'The recovery goes on. To see it again: linkhaul recover');
  }
}

function progressLine({ state, jobs, done, failure }: RecoveryView): string {
  if (failure !== null) return `It is tried again: ${failure}`;
  if (state === 'asked') return 'Waiting for a worker';
  return jobs === null ? 'Reading storage' : `${formatCount(done)} of ${counted(jobs, 'job')}`;
}

function sentence({ jobs, go }: RecoveryView): string {
  const next = go
    ? 'Those that were running go on.'
    : 'Those that were running are paused (`recovered`): `linkhaul resume ID`.';
  return `Back from storage: ${counted(jobs ?? 0, 'job')}. ${next}`;
}
