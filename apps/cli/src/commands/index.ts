import type { Command } from '../command.js';
import { cancel } from './cancel.js';
import { diff } from './diff.js';
import { estimate } from './estimate.js';
import { jobs } from './jobs.js';
import { keys } from './keys.js';
import { keysCreate } from './keys-create.js';
import { keysDelete } from './keys-delete.js';
import { keysRotate } from './keys-rotate.js';
import { pause } from './pause.js';
import { problems } from './problems.js';
import { recover } from './recover.js';
import { results } from './results.js';
import { resume } from './resume.js';
import { retry } from './retry.js';
import { rows } from './rows.js';
import { series } from './series.js';
import { storageAdopt } from './storage-adopt.js';
import { submit } from './submit.js';
import { tags } from './tags.js';
import { target } from './target.js';
import { usage } from './usage.js';
import { watch } from './watch.js';
import { watches } from './watches.js';
import { watchesDelete } from './watches-delete.js';
import { watchesPause } from './watches-pause.js';
import { watchesResume } from './watches-resume.js';
import { watchesRun } from './watches-run.js';
import { watchesRuns } from './watches-runs.js';
import { watchesSet } from './watches-set.js';
import { webhooksListen } from './webhooks-listen.js';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  submit,
  estimate,
  watch,
  results,
  rows,
  series,
  jobs,
  tags,
  diff,
  target,
  pause,
  resume,
  cancel,
  retry,
  watches,
  watchesSet,
  watchesRuns,
  watchesRun,
  watchesPause,
  watchesResume,
  watchesDelete,
  usage,
  problems,
  keys,
  keysCreate,
  keysRotate,
  keysDelete,
  webhooksListen,
  recover,
  storageAdopt,
];
