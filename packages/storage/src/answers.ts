import { setTimeout as sleep } from 'node:timers/promises';
import { packAnswer, unpackAnswer } from './answer-bytes.js';
import type { AnswerHeader } from './answer-header.js';
import type { Backend } from './backend.js';
import { readCharge } from './charges.js';
import { decompressBytes } from './parts.js';
import { type JobRef, paths } from './paths.js';

export interface Answer {
  readonly header: AnswerHeader;
  /** The upstream's bytes as they came, decompressed. */
  body(): Promise<Buffer>;
  /** The JSON of the items that were copied from earlier answers. Null if there are none. */
  copies(): Promise<Buffer | null>;
}

/** What storage holds of an attempt. Bytes are checked when they are read, so that no caller gets broken ones. */
export type ReadAnswer =
  | { readonly kind: 'there'; readonly answer: Answer }
  | { readonly kind: 'absent' }
  /** Its bytes have changed since they were written. `header`: the header, if its checksum is right. */
  | { readonly kind: 'damaged'; readonly header: AnswerHeader | null };

/** The answer of a settled call. It was stored, so a missing one counts as damaged. */
export type SettledAnswer = Exclude<ReadAnswer, { kind: 'absent' }>;

interface AttemptPlace {
  readonly call: number;
  readonly attempt: number;
}

/** Pauses before a broken or missing object is read again: a disk or a mount may have failed for a moment. */
const READ_AGAIN_AFTER_MS = [20, 100];

/** An answer to be stored. */
export interface NewAnswer {
  readonly header: AnswerHeader;
  readonly body: Uint8Array;
  /** The body as received, if it was compressed by gzip: it is stored as it is. */
  readonly packed?: Uint8Array | null;
  /** Copied items, which `header.copied` describes. */
  readonly copies?: Uint8Array;
}

/** Stores an answer whole. The first write wins and is never changed. False if the attempt had an answer already. */
export async function storeAnswer(backend: Backend, job: JobRef, answer: NewAnswer): Promise<boolean> {
  const { call, attempt } = answer.header;
  return storeAnswerAt(backend, paths.answer(job, call, attempt), answer);
}

export async function storeAnswerAt(
  backend: Backend,
  path: string,
  { header, body, packed = null, copies }: NewAnswer,
): Promise<boolean> {
  const stored =
    copies === undefined ? { bytes: body, packed } : { bytes: Buffer.concat([body, copies]), packed: null };
  return backend.create(path, await packAnswer(header, stored.bytes, stored.packed));
}

/** The answer of an attempt that may have one. Rejects if storage cannot serve: then nothing is known. */
export async function readAnswer(backend: Backend, job: JobRef, at: AttemptPlace): Promise<ReadAnswer> {
  return readUntil(isWhole, { backend, job, at });
}

/** The answer that came for an attempt after it was given up. */
export async function readLateAnswer(backend: Backend, job: JobRef, at: AttemptPlace): Promise<ReadAnswer> {
  return readUntil(isWhole, { backend, job, at, isLate: true });
}

function isWhole({ kind }: ReadAnswer): boolean {
  return kind !== 'damaged';
}

/** The answer of the attempt by which a call was settled. */
export async function readSettledAnswer(backend: Backend, job: JobRef, at: AttemptPlace): Promise<SettledAnswer> {
  const found = await readUntil(({ kind }) => kind === 'there', { backend, job, at });
  return found.kind === 'absent' ? { kind: 'damaged', header: null } : found;
}

/** The header of an answer that was found damaged, if its checksum is right. */
export async function readDamagedHeader(backend: Backend, job: JobRef, at: AttemptPlace): Promise<AnswerHeader | null> {
  const found = await readOnce({ backend, job, at });
  if (found.kind === 'absent') return null;
  return found.kind === 'there' ? found.answer.header : found.header;
}

interface Wanted {
  readonly backend: Backend;
  readonly job: JobRef;
  readonly at: AttemptPlace;
  readonly isLate?: boolean;
}

/** Reads until the result is final, at most three times. A result that is not final counts only if storage serves. */
async function readUntil(isFinal: (found: ReadAnswer) => boolean, wanted: Wanted): Promise<ReadAnswer> {
  let found = await readOnce(wanted);
  for (const pause of READ_AGAIN_AFTER_MS) {
    if (isFinal(found)) return found;
    await sleep(pause);
    found = await readOnce(wanted);
  }
  if (!isFinal(found)) await wanted.backend.verify();
  return found;
}

async function readOnce({ backend, job, at: { call, attempt }, isLate = false }: Wanted): Promise<ReadAnswer> {
  const path = isLate ? paths.lateAnswer(job, call, attempt) : paths.answer(job, call, attempt);
  const bytes = await backend.get(path);
  if (bytes === null) return { kind: 'absent' };
  const found = await unpackAnswer(bytes);
  // A whole answer of another attempt at this path says nothing about this attempt.
  if (found.header !== null && (found.header.call !== call || found.header.attempt !== attempt)) {
    return { kind: 'damaged', header: null };
  }
  const header = found.header?.unpriced ? await pricedHeader(found.header, backend, job) : found.header;
  if (found.kind === 'broken' || header === null) return { kind: 'damaged', header };
  return { kind: 'there', answer: answerOf(header, found.body) };
}

function answerOf(header: AnswerHeader, packed: Buffer): Answer {
  const { copied } = header;
  if (copied === undefined) return { header, body: () => decompressBytes(packed), copies: async () => null };
  // Readers ask for both, so the bytes are decompressed once.
  let inflated: Promise<Buffer> | undefined;
  const bytes = () => {
    inflated ??= decompressBytes(packed);
    return inflated;
  };
  return {
    header,
    body: async () => (await bytes()).subarray(0, copied.ownBytes),
    copies: async () => (await bytes()).subarray(copied.ownBytes),
  };
}

/** The header of an answer that does not state its cost, with the cost from the upstream's record if that is known by now. */
async function pricedHeader(header: AnswerHeader, backend: Backend, job: JobRef): Promise<AnswerHeader> {
  const charge = await readCharge(backend, { job, call: header.call, attempt: header.attempt });
  if (charge === null) return header;
  const { unpriced, ...rest } = header;
  return { ...rest, cost: charge.cost, taskId: header.taskId ?? charge.taskId };
}
