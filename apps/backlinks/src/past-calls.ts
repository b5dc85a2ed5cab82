import { type IdListEntry, type Nanos, upstreamTimestamp, usdOf } from '@linkhaul/schemas';
import type { Task } from './posted.js';

interface PastCall {
  readonly id: string;
  readonly url: string;
  readonly postedMs: number;
  readonly task: Task;
  done: { readonly atMs: number; readonly code: number; readonly nanos: Nanos } | null;
}

interface Search {
  /** Both ends count, to the second. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly limit: number;
  readonly offset: number;
  readonly newestFirst: boolean;
  readonly withMetadata: boolean;
}

/** Every live call that had a task, in the order in which they were posted. */
export interface PastCalls {
  begin(id: string, url: string, task: Task): PastCall;
  finish(call: PastCall, code: number, nanos: Nanos): void;
  find(search: Search): IdListEntry[];
  clear(): void;
}

export function createPastCalls(now: () => number): PastCalls {
  let calls: PastCall[] = [];
  return {
    begin: (id, url, task) => {
      const call: PastCall = { id, url, postedMs: now(), task, done: null };
      calls.push(call);
      return call;
    },
    finish: (call, code, nanos) => {
      call.done = { atMs: now(), code, nanos };
    },
    find: ({ fromMs, toMs, limit, offset, newestFirst, withMetadata }) => {
      const within = calls.filter(({ postedMs }) => postedMs >= fromMs && postedMs < toMs + 1000);
      if (newestFirst) within.reverse();
      return within.slice(offset, offset + limit).map((call) => entryOf(call, withMetadata));
    },
    clear: () => {
      calls = [];
    },
  };
}

/** A call that still runs has neither a time of its end nor a status. */
function entryOf(call: PastCall, withMetadata: boolean): IdListEntry {
  return {
    id: call.id,
    url: call.url,
    datetime_posted: upstreamTimestamp(new Date(call.postedMs)),
    ...(call.done && { datetime_done: upstreamTimestamp(new Date(call.done.atMs)) }),
    status: call.done ? String(call.done.code) : null,
    cost: usdOf(call.done?.nanos ?? 0),
    ...(withMetadata && { metadata: call.task }),
  };
}
