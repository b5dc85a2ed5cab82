import { nearest } from '@linkhaul/schemas';

/** Our commands, and what other tools call them. */
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
  const word = typed.toLowerCase();
  const near = nearest(word, names);
  // Another tool's word counts before a similar name of ours.
  const known = Object.entries(OTHER_WORDS).find(([, words]) => words.includes(word))?.[0] ?? near;
  if (known !== null) return `Did you mean linkhaul ${known}?`;
  if (REMOVING.includes(word)) {
    return 'Did you mean linkhaul cancel ID, which ends a job, or linkhaul keys delete KEY-ID? DELETE /v1/jobs/ID removes a finished job.';
  }
  const other = nearest(word, [...Object.values(OTHER_WORDS).flat(), ...REMOVING]);
  return other === null ? 'linkhaul help lists them.' : adviceOn(other, names);
}
