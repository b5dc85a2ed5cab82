import { setTimeout as pause } from 'node:timers/promises';
import type { SubmissionFields } from '@linkhaul/client/service';
import { LinkhaulProblem, LinkhaulUnexpectedAnswer, LinkhaulUnreachable } from '@linkhaul/client/service';
import type { Job, SubmittedJob } from '@linkhaul/schemas';
import { given } from '../arguments/given.js';
import type { Context } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { badInput, CliFailure, failureOf } from '../failure.js';
import { formatOfName } from '../list/format.js';
import { type ListValues, readOptions } from '../list/options.js';
import { upload } from '../list/upload.js';
import { stateOf } from '../render/job.js';
import { say } from '../terminal.js';
import { fingerprintOf } from './fingerprint.js';
import { type KeptSubmission, keptSubmission } from './kept-submission.js';

export interface ListSubmission {
  readonly file: string;
  /** The options about the list. */
  readonly values: ListValues;
  readonly fields: SubmissionFields;
  /** The user's own key. With it, no key is remembered. */
  readonly idempotencyKey: string | undefined;
  /** True: make a new job, whatever earlier commands did. */
  readonly again: boolean;
}

export interface Submitted {
  /** It has `input`, the report of how the list was read, if this command sent the list. */
  readonly job: SubmittedJob;
  /** True if this command made it. */
  readonly isNew: boolean;
  /** Call it once the user was told how the job stands. */
  readonly said: () => Promise<void>;
}

/**
 * Sends a list as a job, or finds the job that the same command made before: a user who stops a command by Ctrl-C and types it
 * again means the same job.
 */
export async function submitList(submission: ListSubmission, context: Context): Promise<Submitted> {
  const { idempotencyKey, again } = submission;
  if (idempotencyKey !== undefined) return { ...(await sent(idempotencyKey, submission, context)), said: nothing };
  const remembered = await keptOf(submission, context);
  if (remembered === null) return { ...(await sent(undefined, submission, context)), said: nothing };
  const found = again ? null : await jobBefore(remembered, context);
  if (found !== null) return { job: found, isNew: false, said: () => remembered.said(found.id) };
  const key = await (again ? remembered.beginAgain() : remembered.begin());
  const submitted = await sent(key, submission, context).catch((error: unknown) => {
    throw takenUpAgain(error, context);
  });
  const { id } = submitted.job;
  await remembered.accepted(id);
  return { ...submitted, said: () => remembered.said(id) };
}

async function nothing(): Promise<void> {}

/** Null for standard input, which has no fingerprint, and if nothing can be remembered. */
async function keptOf({ file, values, fields }: ListSubmission, context: Context): Promise<KeptSubmission | null> {
  const { env, terminal } = context;
  if (file === '-') return null;
  const asked = { fields, form: readOptions(values, values.format ?? formatOfName(file)) };
  const identity = { service: env.LINKHAUL_URL, apiKey: env.LINKHAUL_API_KEY, asked };
  const fingerprint = await fingerprintOf(file, identity, terminal.interrupted);
  return fingerprint === null ? null : keptSubmission({ stateFolder: env.stateFolder, fingerprint }, terminal);
}

/** If the job ended longer ago than this, the same command means a new job. */
const NEWS_MS = 86_400_000;

/** The earlier job of the same list, if it is unfinished or its end was not yet reported. */
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

/** Sends the list. The answer is the key's job, which may have been made before. */
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

/** Waits while another upload uses the same key, and then gets its job as the answer. A list from a pipe cannot be sent twice. */
async function whenFree<T>(file: string, { terminal }: Context, send: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await send();
    } catch (error) {
      const isBusy = error instanceof LinkhaulProblem && error.code === 'idempotency_key_busy' && file !== '-';
      if (!isBusy) throw error;
      if (tries === 1) say(terminal, 'The first upload of this list is still under way: waiting for its result.');
      await pause(error.retryAfterMs ?? BUSY_PAUSE_MS, undefined, { signal: terminal.interrupted });
    }
  }
}

/** The error of an upload whose key is remembered. It also says what happens when the same command is typed again. */
function takenUpAgain(error: unknown, { env, terminal }: Context): unknown {
  if (terminal.interrupted.aborted) {
    return new CliFailure(EXIT.interrupted, 'Interrupted while sending. The same command again finds what was sent.');
  }
  if (error instanceof LinkhaulProblem && error.code === 'idempotency_key_reused') {
    return badInput('The file changed while it was first sent: --again makes a new job of its present content.');
  }
  const isUncertain = error instanceof LinkhaulUnreachable || error instanceof LinkhaulUnexpectedAnswer;
  if (!isUncertain) return error;
  const { exit, message } = failureOf(error, env.LINKHAUL_URL);
  return new CliFailure(exit, `${message} The same command again finds what was sent.`);
}
