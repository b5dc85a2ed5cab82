import { nearest } from '@linkhaul/schemas';

/** Our commands, and the names of the same commands in other tools. */
const OTHER_WORDS: Readonly<Record<string, readonly string[]>> = {
  submit: ['run', 'send', 'upload', 'push', 'create', 'new', 'add', 'start'],
  estimate: ['price', 'cost', 'quote', 'plan', 'dry-run'],
  'watch ID': ['status', 'show', 'info', 'describe', 'progress', 'wait', 'follow', 'tail'],
  'results ID': ['download', 'get', 'fetch', 'export', 'save', 'pull', 'result', 'output'],
  'rows ID': ['errors', 'failures', 'log', 'logs'],
  jobs: ['list', 'ls', 'ps', 'history'],
  'diff TAG': ['compare', 'changes'],
  'cancel ID': ['stop', 'abort', 'kill', 'end'],
  'resume ID': ['continue', 'unpause'],
  'retry ID': ['rerun', 'again', 'repeat'],
  usage: ['spend', 'spent', 'bill', 'billing', 'costs'],
};

const REMOVING = ['delete', 'rm', 'remove', 'del', 'purge', 'clean'];

/** A sentence that names the command that was probably meant. `names`: all commands. */
export function adviceOn(typed: string, names: readonly string[]): string {
  const near = nearest(typed.toLowerCase(), [...names, ...Object.values(OTHER_WORDS).flat(), ...REMOVING]);
  if (near === null) return 'linkhaul help lists them.';
  if (REMOVING.includes(near)) {
    return 'Did you mean linkhaul cancel ID, which ends a job, or linkhaul keys delete KEY-ID? DELETE /v1/jobs/ID removes a finished job.';
  }
  const meant = Object.entries(OTHER_WORDS).find(([, words]) => words.includes(near))?.[0] ?? near;
  return `Did you mean linkhaul ${meant}?`;
}
