import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

const SHARED = read('shared');
const PERMIT = read('permit');
const MONEY = read('money');
const STANDING = read('standing');
const PRICES = read('prices');
const BUDGET = PRICES + read('budget');
const EVENTS = read('events');
const ENDING = EVENTS + read('ending');
const UNREADABLE = read('unreadable');
const INDEXES = read('indexes');
const FATES = read('fates');
const DELIVERIES = read('deliveries');

/** The scripts by name, each with what is put before it. The header of each file says its arguments and its answer. */
const SCRIPTS = {
  accept: SHARED + INDEXES + read('accept'),
  claim_key: SHARED + INDEXES + read('claim_key'),
  release_key: SHARED + INDEXES + read('release_key'),
  remove: SHARED + INDEXES + DELIVERIES + read('remove'),
  give_up: SHARED + read('give_up'),
  grant: SHARED + MONEY + UNREADABLE + BUDGET + ENDING + PERMIT + read('grant'),
  look_up: SHARED + PERMIT + read('look_up'),
  look_up_turn: SHARED + read('look_up_turn'),
  orphans: SHARED + read('orphans'),
  sweep: SHARED + read('sweep'),
  release: SHARED + PERMIT + read('release'),
  leave_line: SHARED + PERMIT + read('leave_line'),
  first_boot: SHARED + PERMIT + read('first_boot'),
  heard: SHARED + PERMIT + read('heard'),
  aftermath: SHARED + read('aftermath'),
  reassert: SHARED + MONEY + STANDING + PERMIT + read('reassert'),
  slow: SHARED + PERMIT + read('slow'),
  outcome: SHARED + PERMIT + read('outcome'),
  outage: SHARED + EVENTS + read('outage'),
  probe_turn: SHARED + read('probe_turn'),
  probed: SHARED + EVENTS + read('probed'),
  give_back: SHARED + MONEY + PERMIT + read('give_back'),
  shelve: SHARED + read('shelve'),
  settle: SHARED + MONEY + FATES + STANDING + UNREADABLE + PRICES + ENDING + read('settle'),
  pause_changed: SHARED + ENDING + read('pause_changed'),
  damaged: SHARED + read('damaged'),
  may_split: SHARED + read('may_split'),
  defer: SHARED + MONEY + STANDING + read('defer'),
  waste: SHARED + MONEY + read('waste'),
  unknown: SHARED + MONEY + read('unknown'),
  confirm: SHARED + MONEY + PRICES + read('confirm'),
  resolve: SHARED + MONEY + FATES + read('resolve'),
  turn_back: SHARED + MONEY + FATES + read('turn_back'),
  dispatch: SHARED + read('dispatch'),
  weigh: SHARED + read('weigh'),
  planned: SHARED + EVENTS + read('planned'),
  transition: SHARED + MONEY + BUDGET + ENDING + read('transition'),
  overdue: SHARED + ENDING + read('overdue'),
  retry: SHARED + MONEY + BUDGET + INDEXES + read('retry'),
  keep_numbers: SHARED + read('keep_numbers'),
  planned_again: SHARED + read('planned_again'),
  finish: SHARED + EVENTS + INDEXES + read('finish'),
  take_request: SHARED + read('take_request'),
  record_delivery: SHARED + DELIVERIES + read('record_delivery'),
  redeliver: SHARED + DELIVERIES + read('redeliver'),
  attempted: SHARED + DELIVERIES + read('attempted'),
  take_deliveries: SHARED + DELIVERIES + read('take_deliveries'),
  hold_deliveries: SHARED + DELIVERIES + read('hold_deliveries'),
  line_up_deliveries: SHARED + DELIVERIES + read('line_up_deliveries'),
  change_key: SHARED + read('change_key'),
  rotate_secret: SHARED + read('rotate_secret'),
} as const;

export type ScriptName = keyof typeof SCRIPTS;
type Argument = string | number | Buffer;

/** Runs a script under a key prefix. */
export type RunScript = (name: ScriptName, ...args: Argument[]) => Promise<unknown>;

export function scriptsOn(redis: Redis, prefix: string): RunScript {
  return (name, ...args) =>
    redis
      .evalsha(digests[name], 1, prefix, ...args)
      .catch((error: unknown) => {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return redis.eval(SCRIPTS[name], 1, prefix, ...args);
      })
      .catch((error: unknown) => {
        // Redis knows it by its digest, or by its whole source.
        throw error instanceof Error ? Object.assign(error, { script: name }) : error;
      });
}

const digests = Object.fromEntries(
  Object.entries(SCRIPTS).map(([name, source]) => [name, createHash('sha1').update(source).digest('hex')]),
) as Record<ScriptName, string>;

function read(name: string): string {
  return `${readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8')}\n`;
}
