import type { JobRef } from '@linkhaul/storage';
import { z } from 'zod';
import { type CallRef, callFromName, jobName } from '../keys.js';
import type { Access } from '../redis/access.js';
import { replyOf } from '../redis/replies.js';
import { script } from '../scripts.js';
import type { Question } from './question.js';
import { placeOfTarget } from './target-place.js';

/** Where a stored answer about a target is. The index may be wrong, so the answer itself is checked before it is used. */
export interface Hint extends CallRef {
  readonly attempt: number;
  /** When it was answered, in s since the epoch. */
  readonly answeredAt: number;
}

/** Targets of one question, looked up at one moment. */
interface Found {
  /** By the position of the target: the newest whole answer, and the newest that has a part of the items. */
  readonly hints: readonly (readonly Hint[])[];
  /** Counts what was noted under the question. */
  readonly version: number;
  /** False where Redis has lost the index, or part of it is not made yet. */
  readonly isComplete: boolean;
}

/** An answer that was bought, and about which of its targets it may be used again. */
export interface NotedAnswer extends CallRef {
  readonly attempt: number;
  /** ms since the epoch. */
  readonly answeredAt: number;
  readonly targets: readonly string[];
  /** True if it has only some of the items of its target, because the job wanted no more or had no money for more. */
  readonly isPart: boolean;
  /** How long the job is kept after its end. */
  readonly retentionDays: number;
}

/**
 * Finds stored answers by their target, for jobs that say `max_age`. A question is kept from the first such job on; before
 * that it takes no memory. Everything in it can be lost: then answers are bought that could have been used again.
 */
export interface ReuseIndex {
  /** From now on answers are noted under the question. False if its earlier answers are still to be noted. */
  open(question: Question): Promise<boolean>;
  /** Notes that the earlier answers of the question are in the index. */
  complete(question: Question): Promise<void>;
  /** `hasParts`: answers may have a part of the items. */
  find(question: Question, targets: readonly string[], options: { readonly hasParts: boolean }): Promise<Found>;
  /** `isEarlier`: what is known of a target already is newer, and stays. */
  note(question: Question, answer: NotedAnswer, options?: { readonly isEarlier: boolean }): Promise<void>;
}

const openScript = script<{ question: string }>()('reuse/open', replyOf({ complete: z.boolean() }));

const numbers = z.string().transform((text) => (text === '' ? [] : text.split(',').map(Number)));

interface Places {
  readonly question: string;
  readonly buckets: readonly string[];
  readonly fields: readonly string[];
}

const findScript = script<Places & { has_parts: boolean }>()(
  'reuse/find',
  replyOf({
    version: z.number(),
    complete: z.boolean(),
    values: z.preprocess(emptyList, z.array(z.string())),
    places: numbers,
    parts: numbers,
    jobs: z.preprocess((value) => (Array.isArray(value) ? {} : value), z.record(z.string(), z.string())),
  }),
);

interface Noting extends Places {
  readonly job: string;
  readonly call: string;
  readonly attempt: string;
  readonly at: string;
  readonly is_earlier: boolean;
  readonly keep_ms: number;
}

const noteScript = script<Noting>()('reuse/note', z.string());

const DAY_MS = 86_400_000;
/** The retention of a job begins at its end, and its answers are older than that. */
const LONGEST_RUN_DAYS = 90;

export function createReuseIndex({ redis, keys, run }: Access): ReuseIndex {
  return {
    open: async (question) => (await run(openScript, { question })).complete,
    async complete(question) {
      await redis.hset(keys.reuse(question), 'complete', 1);
    },
    async find(question, targets, { hasParts }) {
      const arg = { ...placesOf(targets), question, has_parts: hasParts };
      const { version, complete, values, places, parts, jobs } = await run(findScript, arg);
      const hints = values.map((value) => hintOf(value, jobs));
      const hintsAt = (place = 0) => (place === 0 ? [] : (hints[place - 1] ?? []));
      return {
        version,
        isComplete: complete,
        hints: targets.map((_, at) => [...hintsAt(places[at]), ...hintsAt(parts[at])]),
      };
    },
    async note(question, { job, call, attempt, answeredAt, targets, isPart, retentionDays }, options) {
      // Most questions are not kept, and computing the places of a thousand targets takes longer than asking.
      if (targets.length === 0 || (await redis.exists(keys.reuse(question))) === 0) return;
      const { buckets, fields } = placesOf(targets);
      await run(noteScript, {
        question,
        buckets,
        fields: isPart ? fields.map((field) => `${field}${PART}`) : fields,
        job: jobName(job),
        call: String(call),
        attempt: String(attempt),
        at: String(Math.floor(answeredAt / 1000)),
        is_earlier: options?.isEarlier ?? false,
        keep_ms: (retentionDays + LONGEST_RUN_DAYS) * DAY_MS,
      });
    },
  };
}

/** Follows the field of a target whose answer has a part of the items. */
const PART = '~';

/** A value is `<number of the job>.<call>.<attempt>.<answered at>.<version>`. */
function hintOf(value: string | undefined, jobs: Readonly<Record<string, string>>): Hint[] {
  const [number = '', call, attempt, answeredAt] = value?.split('.') ?? [];
  const job = jobs[number];
  if (job === undefined || call === undefined) return [];
  const ref = callFromName(`${job}/${call}`);
  return [{ ...ref, attempt: Number(attempt), answeredAt: Number(answeredAt) }];
}

/** Lua writes an empty list as an empty table. */
function emptyList(value: unknown): unknown {
  return Array.isArray(value) ? value : [];
}

/** What the grant of a call has to know, so that no target is bought twice. */
export interface Wanted {
  readonly question: Question;
  /** The targets that the call buys. */
  readonly targets: readonly string[];
  /** The version under which they were looked up. */
  readonly version: number;
  /** When the first copy of its other targets becomes too old, in ms since the epoch; null if there are none. */
  readonly until: number | null;
  /** The jobs that these copies come from. */
  readonly sources: readonly JobRef[];
}

/** `Wanted` in the form that the grant's script takes. */
export interface NamedWanted extends Places {
  readonly version: number;
  readonly until_ms: number | undefined;
  readonly sources: readonly string[];
}

export function namedWanted({ question, targets, version, until, sources }: Wanted): NamedWanted {
  const copied = { until_ms: until ?? undefined, sources: sources.map(jobName) };
  return { ...placesOf(targets), question, version, ...copied };
}

function placesOf(targets: readonly string[]): Pick<Places, 'buckets' | 'fields'> {
  const places = targets.map(placeOfTarget);
  return { buckets: places.map(({ bucket }) => bucket), fields: places.map(({ field }) => field) };
}
