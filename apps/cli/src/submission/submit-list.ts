import { setTimeout as pause } from 'node:timers/promises';
import type { SubmissionFields } from '@linkhaul/client/service';
import { LinkhaulProblem, LinkhaulUnexpectedAnswer, LinkhaulUnreachable } from '@linkhaul/client/service';
import type { Job } from '@linkhaul/schemas';
import { given } from '../arguments/given.js';
import type { Context } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { badInput, CliFailure, failureOf } from '../failure.js';
import type { ListValues } from '../list/options.js';
import { upload } from '../list/upload.js';
import { stateOf } from '../render/job.js';
import { say } from '../terminal.js';
import { fingerprintOf } from './fingerprint.js';
import { type KeptSubmission, keptSubmission } from './kept-submission.js';

export interface ListSubmission {
  readonly file: string;
  /** How the list is to be read. */
  readonly values: ListValues;
  readonly fields: SubmissionFields;
  /** The caller's own key; no other is kept then. */
  readonly idempotencyKey: string | undefined;
  /** A new job, whatever there is of this list. */
  readonly again: boolean;
}

export interface Submitted {
  readonly job: Job;
  /** It was made by this command. */
  readonly isNew: boolean;
  /** To be called when the command has said what there is to be known of it. */
  readonly said: () => Promise<void>;
}

/**
 * Sends a list as a job, or finds the one that the same command has made before: who ended it by Ctrl-C and types it again
 * means the same job.
 */
export async function submitList(submission: ListSubmission, context: Context): Promise<Submitted> {
  const { idempotencyKey, again } = submission;
  if (idempotencyKey !== undefined) return { ...(await sent(idempotencyKey, submission, context)), said: nothing };
  const kept = await keptOf(submission, context);
  if (kept === null) return { ...(await sent(undefined, submission, context)), said: nothing };
  const found = again ? null : await jobBefore(kept, context);
  if (found !== null) return { job: found, isNew: false, said: () => kept.said(found.id) };
  const key = await (again ? kept.beginAnew() : kept.begin());
  const submitted = await sent(key, submission, context).catch((error: unknown) => {
    throw takenUpAgain(error, context);
  });
  const { id } = submitted.job;
  await kept.accepted(id);
  return { ...submitted, said: () => kept.said(id) };
}

async function nothing(): Promise<void> {}

/** Standard input cannot be known again. */
async function keptOf({ file, values, fields }: ListSubmission, context: Context): Promise<KeptSubmission | null> {
  const { env, terminal } = context;
  if (file === '-') return null;
  const { format, column, header, 'id-column': idColumn } = values;
  const asked = { fields, format, column, idColumn, header };
  const identity = { service: env.LINKHAUL_URL, apiKey: env.LINKHAUL_API_KEY, asked };
  const fingerprint = await fingerprintOf(file, identity, terminal.interrupted);
  return fingerprint === null ? null : keptSubmission({ stateFolder: env.stateFolder, fingerprint }, terminal);
}

/** A job that ended longer ago is no surprise any more: the list is meant to be asked again. */
const NEWS_MS = 86_400_000;

/** The job of the same list that is still under way, or whose end nobody was told. */
async function jobBefore({ before }: KeptSubmission, { client, terminal }: Context): Promise<Job | null> {
  if (before === null || before.job === null) return null;
  const job = await client.job(before.job, { signal: terminal.interrupted }).catch(goneOrThrow);
  if (job === null) return null;
  const { id, finished_at: finishedAt } = job;
  if (finishedAt === null) {
    say(terminal, `This list is ${id} already: ${stateOf(job)}. Nothing is sent; --again makes a new job.`);
    return job;
  }
  if (!before.isSaid && Date.now() - Date.parse(finishedAt) < NEWS_MS) {
    say(
      terminal,
      `This list is ${id} already: ${stateOf(job)}. Nothing is sent; the next such command makes a new job.`,
    );
    return job;
  }
  say(terminal, `${id} of this list is finished (${stateOf(job)}): this is a new job.`);
  return null;
}

function goneOrThrow(error: unknown): null {
  if (error instanceof LinkhaulProblem && error.status === 404) return null;
  throw error;
}

/** The job that a list with this key makes, or has made. */
async function sent(
  key: string | undefined,
  submission: ListSubmission,
  context: Context,
): Promise<Omit<Submitted, 'said'>> {
  const { file, values, fields } = submission;
  const { client, terminal } = context;
  let isReplayed = false;
  const onReplayed = () => {
    isReplayed = true;
  };
  const job = await whenFree(file, context, () =>
    upload({ file, values }, terminal, (body, options) =>
      client.submitText(fields, body, { ...options, ...given({ idempotencyKey: key }), onReplayed }),
    ),
  );
  if (isReplayed) say(terminal, `This key stands for ${job.id} already: ${stateOf(job)}. Nothing new was bought.`);
  return { job, isNew: !isReplayed };
}

const BUSY_PAUSE_MS = 1000;

/** Another upload with the same key is waited for: what it makes is the job. A list from a pipe cannot be sent twice. */
async function whenFree<T>(file: string, { terminal }: Context, send: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await send();
    } catch (error) {
      const isBusy = error instanceof LinkhaulProblem && error.code === 'idempotency_key_busy' && file !== '-';
      if (!isBusy) throw error;
      if (tries === 1)
        say(terminal, 'The first upload of this list is still under way: waiting for what becomes of it.');
      await pause(error.retryAfterMs ?? BUSY_PAUSE_MS, undefined, { signal: terminal.interrupted });
    }
  }
}

/** What is to be known of an upload that ended without a job, where its key is kept. */
function takenUpAgain(error: unknown, { env, terminal }: Context): unknown {
  if (terminal.interrupted.aborted) {
    return new CliFailure(EXIT.interrupted, 'Interrupted while sending. The same command again finds what was sent.');
  }
  if (error instanceof LinkhaulProblem && error.code === 'idempotency_key_reused') {
    return badInput(
      'The file has changed while it was sent the first time: --again makes a new job of what it holds now.',
    );
  }
  const isUncertain = error instanceof LinkhaulUnreachable || error instanceof LinkhaulUnexpectedAnswer;
  if (!isUncertain) return error;
  const { exit, message } = failureOf(error, env.LINKHAUL_URL);
  return new CliFailure(exit, `${message} The same command again finds what was sent.`);
}
