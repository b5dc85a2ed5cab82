import type { Snapshot } from '@linkhaul/storage';
import { CONSTANTS } from '../redis/constants.js';
import { monthOf } from '../tenant/tenants.js';

const { DAY_MS } = CONSTANTS;

/** What Redis counts over all jobs of a tenant, added up from their snapshots. Money is in nanos. */
export interface RestoredUsage {
  /** Adds what a job's last snapshot says. */
  add(tenant: string, snapshot: Snapshot): void;
  /** By tenant, then by day since 1970: the counts by `<group>:<measure>`. */
  readonly usage: ReadonlyMap<string, ReadonlyMap<number, ReadonlyMap<string, number>>>;
  /** By tenant, then by day and by month (year * 12 + month): what is spent, unconfirmed and reserved. */
  readonly committed: ReadonlyMap<string, { readonly days: Counts; readonly months: Counts }>;
  /** By tenant: calls for which money is reserved. */
  readonly reservations: ReadonlyMap<string, number>;
}

type Counts = ReadonlyMap<number, number>;

const JOB_USAGE = /^job:[^:]+:usage$/;
const CALL = /^job:[^:]+:call:\d+$/;
const FIELD = /^(\d+):([0-9a-f]*:(\w+))$/;

export function createRestoredUsage(): RestoredUsage {
  const usage = new Map<string, Map<number, Map<string, number>>>();
  const committed = new Map<string, { days: Map<number, number>; months: Map<number, number> }>();
  const reservations = new Map<string, number>();

  const commit = (tenant: string, day: number, nanos: number) => {
    const of = entryOf(committed, tenant, () => ({ days: new Map(), months: new Map() }));
    count(of.days, day, nanos);
    count(of.months, monthOf(day * DAY_MS), nanos);
  };
  const addUsage = (tenant: string, fields: Iterable<readonly [string, string]>) => {
    for (const [name, value] of fields) {
      const [, day, field = '', measure] = FIELD.exec(name) ?? [];
      if (day === undefined) continue;
      const days = entryOf(usage, tenant, () => new Map<number, Map<string, number>>());
      count(
        entryOf(days, Number(day), () => new Map<string, number>()),
        field,
        Number(value),
      );
      if (measure === 'spent' || measure === 'unconfirmed') commit(tenant, Number(day), Number(value));
    }
  };
  const addCall = (tenant: string, call: ReadonlyMap<string, string>) => {
    const state = call.get('state');
    if (state !== 'sending' && state !== 'unknown') return;
    count(reservations, tenant, 1);
    // The money of an unknown call is unconfirmed, which the usage has.
    if (state === 'sending') {
      commit(tenant, Math.floor(Number(call.get('sent_at')) / DAY_MS), Number(call.get('reserved') ?? 0));
    }
  };
  return {
    usage,
    committed,
    reservations,
    add(tenant, { entries }) {
      for (const { key, values } of entries) {
        if (JOB_USAGE.test(key)) addUsage(tenant, pairsOf(values));
        else if (CALL.test(key)) addCall(tenant, new Map(pairsOf(values)));
      }
    },
  };
}

function* pairsOf(values: readonly string[]): Generator<readonly [string, string]> {
  for (let at = 0; at + 1 < values.length; at += 2) yield [values[at] ?? '', values[at + 1] ?? ''];
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key) ?? make();
  map.set(key, known);
  return known;
}

function count<Key>(counts: Map<Key, number>, key: Key, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
