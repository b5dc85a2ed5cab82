import type { Snapshot } from '@linkhaul/storage';
import type { ChainableCommander } from 'ioredis';
import type { Keys } from '../keys.js';
import { CONSTANTS } from '../redis/constants.js';
import { monthOf } from '../tenant/tenants.js';
import { createWatchMoneyChange, watchOf } from './watch-money-change.js';

const { COMMITTED_DAY_KEPT_MS, COMMITTED_MONTH_KEPT_MS, DAY_MS, USAGE_KEPT_MS } = CONSTANTS;

/** How the counts over all jobs of a tenant change when one of its jobs comes back from storage. Money is in nanos. */
export interface UsageChange {
  /** Counts the job as this snapshot has it. */
  add(snapshot: Snapshot): void;
  /** No longer counts the job as this snapshot has it. */
  subtract(snapshot: Snapshot): void;
  /** Adds the change to a transaction. `now`: ms on Redis' clock. */
  write(multi: ChainableCommander, keys: Keys, now: number): void;
}

type Sign = 1 | -1;

interface Counting {
  readonly sign: Sign;
  /** The watch of which the job is a run. */
  readonly watch: string | null;
}

const JOB_USAGE = /^job:[^:]+:usage$/;
const CALL = /^job:[^:]+:call:\d+$/;
const FIELD = /^(\d+):([0-9a-f]*:(\w+))$/;

export function createUsageChange(tenant: string): UsageChange {
  /** By day since 1970, then by `<group>:<measure>`. */
  const usage = new Map<number, Map<string, number>>();
  /** What is spent, unconfirmed and reserved: by day, and by month (year * 12 + month). */
  const [days, months] = [new Map<number, number>(), new Map<number, number>()];
  const watches = createWatchMoneyChange(tenant);
  /** Calls for which money is reserved. */
  let reservations = 0;

  const commit = (day: number, nanos: number, watch: string | null) => {
    count(days, day, nanos);
    count(months, monthOf(day * DAY_MS), nanos);
    if (watch !== null) watches.commit(watch, day, nanos);
  };
  const addUsage = (fields: Iterable<readonly [string, string]>, { sign, watch }: Counting) => {
    for (const [name, value] of fields) {
      const [, day, field = '', measure] = FIELD.exec(name) ?? [];
      if (day === undefined) continue;
      const by = sign * Number(value);
      const counts = usage.get(Number(day)) ?? new Map<string, number>();
      usage.set(Number(day), counts);
      count(counts, field, by);
      if (measure === 'spent' || measure === 'unconfirmed') commit(Number(day), by, watch);
    }
  };
  const addCall = (call: ReadonlyMap<string, string>, { sign, watch }: Counting) => {
    const state = call.get('state');
    if (state !== 'sending' && state !== 'unknown') return;
    reservations += sign;
    // The money of an unknown call is unconfirmed, which the usage has.
    if (state === 'sending') {
      commit(Math.floor(Number(call.get('sent_at')) / DAY_MS), sign * Number(call.get('reserved') ?? 0), watch);
    }
  };
  const addAll = ({ entries }: Snapshot, sign: Sign) => {
    const counting = { sign, watch: watchOf(entries) };
    for (const { key, values } of entries) {
      if (JOB_USAGE.test(key)) addUsage(pairsOf(values), counting);
      else if (CALL.test(key)) addCall(new Map(pairsOf(values)), counting);
    }
  };
  return {
    add: (snapshot) => addAll(snapshot, 1),
    subtract: (snapshot) => addAll(snapshot, -1),
    write(multi, keys, now) {
      for (const [day, counts] of usage) {
        const key = keys.usage(tenant, day);
        for (const [field, by] of changesIn(counts)) multi.hincrby(key, field, by);
        multi.pexpireat(key, day * DAY_MS + USAGE_KEPT_MS);
      }
      for (const [day, by] of changesIn(days)) {
        if (day * DAY_MS + COMMITTED_DAY_KEPT_MS <= now) continue;
        multi.incrby(keys.committedDay(tenant, day), by).pexpire(keys.committedDay(tenant, day), COMMITTED_DAY_KEPT_MS);
      }
      for (const [month, by] of changesIn(months)) {
        const key = keys.committedMonth(tenant, month);
        multi.incrby(key, by).pexpire(key, COMMITTED_MONTH_KEPT_MS);
      }
      watches.write(multi, keys);
      if (reservations !== 0) multi.hincrby(keys.reservations, tenant, reservations);
    },
  };
}

function changesIn<Key>(counts: ReadonlyMap<Key, number>): [Key, number][] {
  return [...counts].filter(([, by]) => by !== 0);
}

function* pairsOf(values: readonly string[]): Generator<readonly [string, string]> {
  for (let at = 0; at + 1 < values.length; at += 2) yield [values[at] ?? '', values[at + 1] ?? ''];
}

function count<Key>(counts: Map<Key, number>, key: Key, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
