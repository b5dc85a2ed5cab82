import { JSON_FLAG } from '../arguments/shared.js';
import { type Context, defineCommand } from '../command.js';
import { exitOf } from '../exit-codes.js';
import { follow } from '../follow.js';
import { jobSummary } from '../render/job.js';
import { print, say } from '../terminal.js';

export const watch = defineCommand({
  name: 'watch',
  summary: "Shows a job's progress until it rests. The exit code says how it ended.",
  takes: ['ID'],
  options: { json: JSON_FLAG },
  notes: [
    'Ctrl-C ends the watching, not the job.',
    'Exit code 5: it has failed or was cancelled, also where it has brought some results.',
  ],
  run: ({ values, args: [id = ''] }, context) =>
    finishWatching(id, { asJson: values.json, summaryTo: 'stdout' }, context),
});

interface Watching {
  readonly asJson: boolean;
  /** Where the summary goes: it is the answer of `watch`, and a remark where the answer is another. */
  readonly summaryTo: 'stdout' | 'screen';
}

/** Follows a job to its rest, says how it ended, and resolves with the exit code for it. */
export async function finishWatching(id: string, { asJson, summaryTo }: Watching, context: Context): Promise<number> {
  const { terminal } = context;
  const job = await follow(id, context);
  if (asJson) print(terminal, JSON.stringify(job));
  else if (summaryTo === 'stdout') print(terminal, jobSummary(job));
  else say(terminal, jobSummary(job));
  return exitOf(job);
}
