import { elementsOf, isObject, type RecordEntry, readRecordEntry } from '@linkhaul/schemas';
import { readFree } from './free-reply.js';
import { replyOf } from './read-reply.js';
import type { CutRecord } from './record-cutter.js';
import type { ReplyHeaders } from './reply.js';

/** What a page of the upstream's record says. */
export type PageReply =
  /** `length` counts what the page held, null elements too. */
  | { readonly kind: 'entries'; readonly entries: readonly RecordEntry[]; readonly length: number }
  /** The provider has no record of calls. */
  | { readonly kind: 'no_record' }
  /** `ended`: the upstream is not at it any more. */
  | { readonly kind: 'failed'; readonly reason: string; readonly ended: boolean };

export function pageOf(cut: CutRecord, httpStatus: number, headers: ReplyHeaders): PageReply {
  const answer = readFree(replyOf(cut.answer, httpStatus, headers));
  if (answer.kind === 'none') return { kind: 'no_record' };
  return answer.kind === 'failed' ? answer : entriesIn(answer.result, cut);
}

/** A result that is no list, and no object either, does not speak of calls. */
function entriesIn(result: unknown, { entries, length }: CutRecord): PageReply {
  if (Array.isArray(result)) return { kind: 'entries', entries, length };
  if (!isObject(result)) return { kind: 'failed', reason: 'the record is not of its form', ended: true };
  // What was cut out has left null behind; an entry that stands there without its list is still in its place.
  const alone = elementsOf(result).filter(isObject).map(readRecordEntry);
  return { kind: 'entries', entries: [...entries, ...alone], length: length + alone.length };
}
