import type { Redis } from 'ioredis';
import type { Access } from '../redis/access.js';
import { CONSTANTS } from '../redis/constants.js';

/** What went wrong in a span of hours, counted. Times are ms on Redis' clock. */
export interface Problem {
  /** `look_up` if the upstream's record could not be read: a problem of the account, which all tenants share. */
  readonly kind: string;
  readonly code: string;
  readonly count: number;
  readonly lastAt: number;
  /** Ids of jobs that met it, the latest first. */
  readonly jobs: readonly string[];
  /** What was said about the latest one. Null if nothing was. */
  readonly why: string | null;
}

/** Hours since 1970-01-01, both included. */
interface Hours {
  readonly from: number;
  readonly to: number;
}

/** What tenants should know about. It is kept for a week. */
export interface Problems {
  /** What a tenant's jobs and webhooks have met. */
  of(tenant: string, hours: Hours): Promise<Problem[]>;
  /** Look-ups of an upstream's record that have failed. */
  lookUps(host: string, hours: Hours): Promise<Problem[]>;
}

type Found = Record<string, string>;

export function createProblems({ redis, keys }: Access): Problems {
  return {
    async of(tenant, hours) {
      return summed(await readHours(redis, hours, (hour) => keys.problems(tenant, hour)));
    },
    async lookUps(host, hours) {
      const account = await redis.hget(keys.upstream(host), 'account');
      if (account === null) return [];
      const found = await readHours(redis, hours, (hour) => keys.failedLookUps(account, hour));
      return summed(found.map((fields) => renamed(fields, (name) => `look_up:${name}`)));
    },
  };
}

/** Ordered from the oldest hour to the latest. */
function readHours(redis: Redis, { from, to }: Hours, keyOf: (hour: number) => string): Promise<Found[]> {
  return Promise.all(Array.from({ length: to - from + 1 }, (_, at) => redis.hgetall(keyOf(from + at))));
}

function renamed(fields: Found, name: (old: string) => string): Found {
  return Object.fromEntries(Object.entries(fields).map(([old, value]) => [name(old), value]));
}

/** Joins the same problem of several hours: its counts are added up, everything else is of the latest hour. */
function summed(hours: readonly Found[]): Problem[] {
  const all = new Map<string, Problem>();
  for (const fields of hours) {
    for (const [field, count] of Object.entries(fields)) {
      const [, name = '', kind = '', code = ''] = /^((\w+):(\w+)):count$/.exec(field) ?? [];
      if (name === '') continue;
      const before = all.get(name);
      const jobs = (fields[`${name}:jobs`] ?? '').split(',').filter((id) => id !== '');
      all.set(name, {
        kind,
        code,
        count: Number(count) + (before?.count ?? 0),
        lastAt: Number(fields[`${name}:at`] ?? 0),
        jobs: [...new Set([...jobs, ...(before?.jobs ?? [])])].slice(0, CONSTANTS.PROBLEM_EXAMPLES),
        why: fields[`${name}:why`] ?? null,
      });
    }
  }
  return [...all.values()];
}

export const HOUR_MS = CONSTANTS.HOUR_MS;

/** The hour of a time, counted from 1970-01-01. */
export function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS);
}
