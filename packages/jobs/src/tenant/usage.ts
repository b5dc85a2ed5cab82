import type { Nanos } from '@linkhaul/schemas';
import { z } from 'zod';
import type { Access } from '../redis/access.js';
import type { UsageGroup } from './usage-group.js';

const MEASURES = ['calls', 'items', 'spent', 'wasted', 'unconfirmed'] as const;

/** What was bought on one day (UTC, by the time when the calls were sent) for one group of jobs. Money is in nanos. */
export interface UsageRow extends UsageGroup, Readonly<Record<(typeof MEASURES)[number], number | Nanos>> {
  readonly tenant: string;
  /** Since 1970-01-01. */
  readonly day: number;
}

/** What was bought, by day. It is kept longer than the jobs that bought it. */
export interface Usage {
  /** Tenants that have ever submitted a job. */
  tenants(): Promise<string[]>;
  /** A tenant's rows from one day up to another, without the latter, in order of days. */
  rows(tenant: string, days: { from: number; to: number }): AsyncGenerator<UsageRow>;
}

const DAYS_AT_ONCE = 50;
const GROUPS_AT_ONCE = 500;
const FIELD = new RegExp(`^([0-9a-f]*):(${MEASURES.join('|')})$`);

const groupForm = z.object({
  tag: z.string(),
  endpoint: z.string(),
  metadata: z.record(z.string(), z.string()),
  watch: z.string().optional(),
});
const NO_GROUP: UsageGroup = { tag: '', endpoint: '', metadata: {} };

export function createUsage({ redis, keys }: Access): Usage {
  /** Adds the groups with these ids to `known`. */
  const learn = async (tenant: string, ids: readonly string[], known: Map<string, UsageGroup>): Promise<void> => {
    for (let at = 0; at < ids.length; at += GROUPS_AT_ONCE) {
      const some = ids.slice(at, at + GROUPS_AT_ONCE);
      const texts = await redis.mget(some.map((id) => keys.usageGroup(tenant, id)));
      for (const [index, id] of some.entries()) known.set(id, parseGroup(texts[index] ?? null));
    }
  };
  return {
    tenants: async () => (await redis.smembers(keys.tenants)).sort(),
    async *rows(tenant, { from, to }) {
      const known = new Map<string, UsageGroup>();
      for (let first = from; first < to; first += DAYS_AT_ONCE) {
        const days = Array.from({ length: Math.min(DAYS_AT_ONCE, to - first) }, (_, at) => first + at);
        const found = await Promise.all(days.map((day) => redis.hgetall(keys.usage(tenant, day))));
        const counted = found.map(countsByGroup);
        const ids = new Set(counted.flatMap((groups) => [...groups.keys()]));
        await learn(
          tenant,
          [...ids].filter((id) => !known.has(id)),
          known,
        );
        for (const [at, groups] of counted.entries()) {
          for (const [id, counts] of groups) {
            yield { tenant, day: first + at, ...(known.get(id) ?? NO_GROUP), ...counts };
          }
        }
      }
    },
  };
}

function parseGroup(text: string | null): UsageGroup {
  return text === null ? NO_GROUP : groupForm.parse(JSON.parse(text));
}

type Counts = Record<(typeof MEASURES)[number], number>;

function countsByGroup(fields: Readonly<Record<string, string>>): Map<string, Counts> {
  const groups = new Map<string, Counts>();
  for (const [field, value] of Object.entries(fields)) {
    const [, id = '', name] = FIELD.exec(field) ?? [];
    const measure = MEASURES.find((one) => one === name);
    if (measure === undefined) continue;
    const counts = groups.get(id) ?? { calls: 0, items: 0, spent: 0, wasted: 0, unconfirmed: 0 };
    counts[measure] = Number(value);
    groups.set(id, counts);
  }
  return groups;
}
