import { ALLOW_INVALID, JSON_FLAG } from '../arguments/shared.js';
import { type Context, defineCommand } from '../command.js';
import { exitOf } from '../exit-codes.js';
import { follow } from '../follow.js';
import { jobSummary } from '../render/job.js';
import { retryOf } from '../retry-advice.js';
import { print, say } from '../terminal.js';

export const watch = defineCommand({
  name: 'watch',
  summary: "Shows a job's progress until it rests. The exit code says how it ended.",
  takes: ['ID'],
  options: { 'allow-invalid': ALLOW_INVALID, json: JSON_FLAG },
  notes: [
    'Ctrl-C ends the watching, not the job.',
    'Exit code 3: rows have failed, were skipped or are invalid.',
    'Exit code 5: it has failed or was cancelled, also where it has brought some results.',
  ],
  run: ({ values, args: [id = ''] }, context) =>
    finishWatching(id, { asJson: values.json, allowInvalid: values['allow-invalid'], summaryTo: 'stdout' }, context),
});

interface Watching {
  readonly asJson: boolean;
  readonly allowInvalid: boolean;
  /** Where the summary is written: standard output for `watch`, standard error for a command that prints something else. */
  readonly summaryTo: 'stdout' | 'screen';
}

/** Follows a job until it is finished or paused, writes its summary, and resolves with the exit code. */
export async function finishWatching(id: string, watching: Watching, context: Context): Promise<number> {
  const { asJson, allowInvalid, summaryTo } = watching;
  const { terminal } = context;
  const job = await follow(id, context);
  if (asJson) print(terminal, JSON.stringify(job));
  else {
    const summary = jobSummary(job, await retryOf(job, context));
    if (summaryTo === 'stdout') print(terminal, summary);
    else say(terminal, summary);
  }
  return exitOf(job, allowInvalid);
}
