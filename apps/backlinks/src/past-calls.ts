import type { EndpointName, Nanos } from '@linkhaul/schemas';
import type { Task } from '@linkhaul/schemas/vendor';
import { createRollingLog } from './rolling-log.js';

export interface PastCall {
  readonly id: string;
  readonly url: string;
  readonly name: EndpointName;
  readonly postedMs: number;
  /** The JSON text of the task. */
  metadata: string;
  done: Done | null;
}

interface Done {
  readonly atMs: number;
  readonly code: number;
  readonly message: string;
  readonly nanos: Nanos;
  readonly httpCode: 200 | 500;
}

/** Every task of a live call, in the order in which they were posted. */
export interface PastCalls {
  begin(call: Pick<PastCall, 'id' | 'url' | 'name'> & { readonly task: Task }): PastCall;
  finish(call: PastCall, outcome: Omit<Done, 'atMs' | 'httpCode'>, httpCode?: Done['httpCode']): void;
  /** Tasks that were posted between two times, both included, to the second; oldest first. */
  within(fromMs: number, toMs: number): PastCall[];
  clear(): void;
}

/** How many calls are kept. That is twenty minutes at the highest rate, and more than anyone looks up. */
const KEPT_CALLS = 200_000;
/**
 * A task of a thousand targets takes some 50 KB, so a million of them would fill any memory. The latest tasks are kept whole, up to
 * this length in total. Of older tasks all fields but the targets are kept, by which they can be recognised.
 */
const WHOLE_CHARACTERS = 128 * 1024 * 1024;
/** A text that is longer than this even without its targets cannot be a valid task, and is not kept. */
const BRIEF_CHARACTERS = 4096;

export function createPastCalls(now: () => number, wholeCharacters = WHOLE_CHARACTERS): PastCalls {
  const log = createRollingLog<PastCall>(() => KEPT_CALLS);
  let whole: { readonly call: PastCall; readonly brief: string }[] = [];
  let first = 0;
  let characters = 0;
  const shorten = () => {
    for (let next = whole[first]; next && characters > wholeCharacters; next = whole[++first]) {
      characters -= next.call.metadata.length;
      next.call.metadata = next.brief;
    }
    if (first > 1024 && first > whole.length / 2) {
      whole = whole.slice(first);
      first = 0;
    }
  };
  return {
    begin: ({ id, url, name, task }) => {
      const metadata = JSON.stringify(task);
      const brief = briefOf(task);
      const call = { id, url, name, postedMs: now(), metadata, done: null };
      log.push(call);
      if (metadata.length > brief.length) {
        whole.push({ call, brief });
        characters += metadata.length;
        shorten();
      }
      return call;
    },
    finish: (call, { code, message, nanos }, httpCode = 200) => {
      call.done = { atMs: now(), code, message, nanos, httpCode };
    },
    within: (fromMs, toMs) =>
      log.all().filter(({ postedMs }) => postedMs >= fromMs && Math.floor(postedMs / 1000) * 1000 <= toMs),
    clear: () => {
      log.clear();
      whole = [];
      first = 0;
      characters = 0;
    },
  };
}

function briefOf(task: Task): string {
  const { targets, ...rest } = task;
  const text = JSON.stringify(rest);
  return text.length > BRIEF_CHARACTERS ? '{}' : text;
}
