import { unpackAnswer } from './answer-bytes.js';
import type { AnswerHeader } from './answer-header.js';
import { type NewAnswer, type ReadAnswer, readAnswer, storeAnswerAt } from './answers.js';
import type { Backend } from './backend.js';
import { type JobRef, paths } from './paths.js';

/** One sending of an attempt. Where Redis has lost a grant, an attempt may be sent twice, and both are answered. */
type SentOnce = Pick<AnswerHeader, 'call' | 'attempt' | 'taskId' | 'nonce'>;

/**
 * `first`: what an attempt's answer is. A `second` one is of another sending: its cost is all that counts of it; `first` is
 * null where the bytes of that are damaged.
 */
type Stored =
  | { readonly kind: 'first'; readonly header: AnswerHeader }
  | { readonly kind: 'second'; readonly first: AnswerHeader | null };

/** Keeps an answer whatever else is there: as its attempt's, or beside the one of another sending. Can be repeated. */
export async function keepAnswer(backend: Backend, job: JobRef, answer: NewAnswer): Promise<Stored> {
  const { header } = answer;
  if (await storeAnswerAt(backend, paths.answer(job, header.call, header.attempt), answer)) {
    return { kind: 'first', header };
  }
  const first = headerOf(await readAnswer(backend, job, header));
  if (first !== null && first.givenUp === undefined && isOfSending(first, header))
    return { kind: 'first', header: first };
  if (first?.givenUp === undefined || !(await keepLate(backend, job, answer))) {
    await storeAnswerAt(backend, paths.secondAnswer(job, { ...header, sending: nameOf(header) }), answer);
  }
  return { kind: 'second', first };
}

/** It may say what became of the rows, though its attempt was given up: it has a place where a retry finds it. */
async function keepLate(backend: Backend, job: JobRef, answer: NewAnswer): Promise<boolean> {
  const { call, attempt, outcome } = answer.header;
  if (outcome.kind === 'deferred') return false;
  return storeAnswerAt(backend, paths.lateAnswer(job, call, attempt), answer);
}

/** Whether the answer that storage has of an attempt is that to this very sending. */
export async function isAnswered(backend: Backend, job: JobRef, sent: SentOnce): Promise<boolean> {
  const first = headerOf(await readAnswer(backend, job, sent));
  return first !== null && isOfSending(first, sent);
}

/** An object that holds an answer: `first`, or what came besides for the same attempt. */
export interface StoredAnswer {
  readonly call: number;
  readonly attempt: number;
  readonly isFirst: boolean;
  readonly path: string;
}

/** Every answer that storage has of a job, by call, then by attempt. */
export async function listAnswers(backend: Backend, job: JobRef): Promise<StoredAnswer[]> {
  const found: StoredAnswer[] = [];
  for (const path of await backend.list(paths.answers(job))) {
    const [, call, attempt, beside] = /\/(\d+)\.(\d+)(?:\.(.+))?$/.exec(path) ?? [];
    if (call === undefined || beside === 'charge' || beside === 'body.gz') continue;
    found.push({ call: Number(call), attempt: Number(attempt), isFirst: beside === undefined, path });
  }
  return found.sort((a, b) => a.call - b.call || a.attempt - b.attempt || Number(b.isFirst) - Number(a.isFirst));
}

/** The header of an answer that is not the first of its attempt. Null if it is gone or damaged. */
export async function readSecondHeader(backend: Backend, { path }: StoredAnswer): Promise<AnswerHeader | null> {
  const bytes = await backend.get(path);
  return bytes === null ? null : (await unpackAnswer(bytes)).header;
}

function headerOf(found: ReadAnswer): AnswerHeader | null {
  return found.kind === 'there' ? found.answer.header : found.kind === 'damaged' ? found.header : null;
}

function isOfSending(header: AnswerHeader, { taskId, nonce = null }: SentOnce): boolean {
  if (header.taskId !== null && taskId !== null) return header.taskId === taskId;
  return (header.nonce ?? null) === nonce;
}

function nameOf({ taskId, nonce }: SentOnce): string {
  return taskId ?? `nonce-${nonce ?? 'none'}`;
}
