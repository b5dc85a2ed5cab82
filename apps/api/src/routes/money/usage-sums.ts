import type { Usage, UsageRow } from '@linkhaul/jobs';

export const DAY_MS = 86_400_000;

const MEASURES = ['calls', 'items', 'spent', 'wasted', 'unconfirmed'] as const;

/** Money in nanos. */
export type Sums = Readonly<Record<(typeof MEASURES)[number], number>>;

/** One value for each field of `group_by`; null if the group's jobs have none. */
export type GroupValues = readonly (string | null)[];

export interface Group {
  readonly values: GroupValues;
  readonly sums: Sums;
}

export interface UsageSums {
  /** Sorted by their values. */
  readonly groups: readonly Group[];
  readonly total: Sums;
}

interface Asked {
  readonly from: number;
  readonly to: number;
  readonly groupBy: readonly string[];
}

const NOTHING: Sums = { calls: 0, items: 0, spent: 0, wasted: 0, unconfirmed: 0 };

/** Sums what the tenants' jobs bought between two days (the second exclusive), in whole nanos. */
export async function addUp(tenants: readonly string[], asked: Asked, usage: Usage): Promise<UsageSums> {
  const groups = new Map<string, Group>();
  let total = NOTHING;
  for (const tenant of tenants) {
    for await (const row of usage.rows(tenant, asked)) {
      const values = asked.groupBy.map((field) => groupValue(row, field));
      const key = JSON.stringify(values);
      groups.set(key, { values, sums: plus(groups.get(key)?.sums ?? NOTHING, row) });
      total = plus(total, row);
    }
  }
  return { groups: [...groups.values()].sort((a, b) => compareGroups(a.values, b.values)), total };
}

function plus(sums: Sums, row: Sums): Sums {
  return {
    calls: sums.calls + row.calls,
    items: sums.items + row.items,
    spent: sums.spent + row.spent,
    wasted: sums.wasted + row.wasted,
    unconfirmed: sums.unconfirmed + row.unconfirmed,
  };
}

const METADATA = 'metadata.';

function groupValue(row: UsageRow, field: string): string | null {
  const date = new Date(row.day * DAY_MS).toISOString();
  switch (field) {
    case 'tenant':
      return row.tenant;
    case 'tag':
      return row.tag || null;
    case 'endpoint':
      return row.endpoint || null;
    case 'watch':
      return row.watch ?? null;
    case 'day':
      return date.slice(0, 'yyyy-mm-dd'.length);
    case 'month':
      return date.slice(0, 'yyyy-mm'.length);
    default: {
      const key = field.slice(METADATA.length);
      return Object.hasOwn(row.metadata, key) ? (row.metadata[key] ?? null) : null;
    }
  }
}

/** Compares by the first value, then the next; a missing value comes first. */
export function compareGroups(a: GroupValues, b: GroupValues): number {
  for (const [at, left] of a.entries()) {
    const right = b[at] ?? null;
    if (left === right) continue;
    if (left === null || right === null) return left === null ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return 0;
}
