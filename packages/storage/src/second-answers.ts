import { unpackAnswer } from './answer-bytes.js';
import type { AnswerHeader } from './answer-header.js';
import { type NewAnswer, type ReadAnswer, readAnswer, storeAnswerAt } from './answers.js';
import type { Backend } from './backend.js';
import { type JobRef, paths } from './paths.js';

/** One request of an attempt. If Redis has lost a grant, an attempt may be sent twice, and both requests are answered. */
type SentOnce = Pick<AnswerHeader, 'call' | 'attempt' | 'taskId' | 'nonce'>;

/**
 * `first`: the answer is the attempt's answer. `second`: it answers another request of the attempt, and only its cost
 * counts; `first` is then the attempt's answer, or null if its bytes are damaged.
 */
type Stored =
  | { readonly kind: 'first'; readonly header: AnswerHeader }
  | { readonly kind: 'second'; readonly first: AnswerHeader | null };

/** Keeps an answer in any case: as its attempt's answer, or beside the answer to another request. Can be repeated. */
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

/** It may decide the rows, although its attempt was given up, so it gets a place in which a retry finds it. */
async function keepLate(backend: Backend, job: JobRef, answer: NewAnswer): Promise<boolean> {
  const { call, attempt, outcome } = answer.header;
  if (outcome.kind === 'deferred') return false;
  return storeAnswerAt(backend, paths.lateAnswer(job, call, attempt), answer);
}

/** Whether the stored answer of an attempt answers this very request. */
export async function isAnswered(backend: Backend, job: JobRef, sent: SentOnce): Promise<boolean> {
  const first = headerOf(await readAnswer(backend, job, sent));
  return first !== null && isOfSending(first, sent);
}

/** An object that holds an answer: the first one of an attempt, or a further one. */
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
