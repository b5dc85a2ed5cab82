import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { luaKeys } from './redis/lua-keys.js';

/** Where each script is, by its name. The header of each file says its arguments and its answer. */
const FILES = {
  accept: 'job/accept',
  claim_key: 'job/claim_key',
  release_key: 'job/release_key',
  remove: 'job/remove',
  give_up: 'call/give_up',
  grant: 'permit/grant',
  look_up: 'permit/look_up',
  look_up_turn: 'permit/look_up_turn',
  orphans: 'call/orphans',
  sweep: 'call/sweep',
  release: 'permit/release',
  leave_line: 'permit/leave_line',
  first_boot: 'permit/first_boot',
  heard: 'permit/heard',
  aftermath: 'call/aftermath',
  reassert: 'permit/reassert',
  slow: 'permit/slow',
  outcome: 'permit/outcome',
  outage: 'permit/outage',
  probe_turn: 'permit/probe_turn',
  probed: 'permit/probed',
  give_back: 'permit/give_back',
  shelve: 'call/shelve',
  settle: 'call/settle',
  pause_changed: 'call/pause_changed',
  damaged: 'call/damaged',
  may_split: 'call/may_split',
  defer: 'call/defer',
  waste: 'call/waste',
  unknown: 'call/unknown',
  confirm: 'call/confirm',
  resolve: 'call/resolve',
  turn_back: 'call/turn_back',
  dispatch: 'call/dispatch',
  weigh: 'tenant/weigh',
  planned: 'job/planned',
  transition: 'job/transition',
  overdue: 'job/overdue',
  retry: 'job/retry',
  keep_numbers: 'job/keep_numbers',
  planned_again: 'job/planned_again',
  finish: 'job/finish',
  take_request: 'tenant/take_request',
  record_delivery: 'events/record_delivery',
  redeliver: 'events/redeliver',
  attempted: 'events/attempted',
  take_deliveries: 'events/take_deliveries',
  hold_deliveries: 'events/hold_deliveries',
  line_up_deliveries: 'events/line_up_deliveries',
  change_key: 'tenant/change_key',
  rotate_secret: 'tenant/rotate_secret',
} as const;

export type ScriptName = keyof typeof FILES;
type Argument = string | number | Buffer;

/** Runs a script under a key prefix. */
export type RunScript = (name: ScriptName, ...args: Argument[]) => Promise<unknown>;

export function scriptsOn(redis: Redis, prefix: string): RunScript {
  return (name, ...args) =>
    redis
      .evalsha(scripts[name].digest, 1, prefix, ...args)
      .catch((error: unknown) => {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return redis.eval(scripts[name].source, 1, prefix, ...args);
      })
      .catch((error: unknown) => {
        // Redis names a script by its digest, or by its whole source.
        throw error instanceof Error ? Object.assign(error, { script: name }) : error;
      });
}

interface Script {
  readonly source: string;
  readonly digest: string;
}

const scripts = Object.fromEntries(
  Object.entries(FILES).map(([name, file]): [string, Script] => {
    const script = withIncludes(file, new Set());
    const source = `${luaKeys(script)}${script}`;
    return [name, { source, digest: createHash('sha1').update(source).digest('hex') }];
  }),
) as Record<ScriptName, Script>;

/** A file's source behind that of all files that it includes: `--- @include "tenant/money"`, each of them once. */
function withIncludes(file: string, included: Set<string>): string {
  if (included.has(file)) return '';
  included.add(file);
  const source = readFileSync(new URL(`./${file}.lua`, import.meta.url), 'utf8');
  const needed = [...source.matchAll(/^--- @include "(.+)"$/gm)].map(([, path = '']) => withIncludes(path, included));
  return `${needed.join('')}${source}\n`;
}
