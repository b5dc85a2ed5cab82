import { elementsOf, isObject, type RecordEntry, readRecordEntry } from '@linkhaul/schemas';
import { readFree } from './free-reply.js';
import { replyOf } from './read-reply.js';
import type { CutRecord } from './record-cutter.js';
import type { ReplyHeaders } from './reply.js';

/** A page of the upstream's record, or why there is none. */
export type PageReply =
  /** `length`: the number of elements of the page, including null elements. */
  | { readonly kind: 'entries'; readonly entries: readonly RecordEntry[]; readonly length: number }
  /** The provider has no record of calls. */
  | { readonly kind: 'no_record' }
  /** `ended`: the upstream no longer works on the request. */
  | { readonly kind: 'failed'; readonly reason: string; readonly ended: boolean };

export function pageOf(cut: CutRecord, httpStatus: number, headers: ReplyHeaders): PageReply {
  const answer = readFree(replyOf(cut.answer, httpStatus, headers));
  if (answer.kind === 'none') return { kind: 'no_record' };
  return answer.kind === 'failed' ? answer : entriesIn(answer.result, cut);
}

/** A result that is neither a list nor an object says nothing about calls. */
function entriesIn(result: unknown, { entries, length }: CutRecord): PageReply {
  if (Array.isArray(result)) return { kind: 'entries', entries, length };
  if (!isObject(result)) return { kind: 'failed', reason: 'the record has another form', ended: true };
  // The cutter leaves null for each entry. An entry that came without a list was not cut and is still here.
  const alone = elementsOf(result).filter(isObject).map(readRecordEntry);
  return { kind: 'entries', entries: [...entries, ...alone], length: length + alone.length };
}
