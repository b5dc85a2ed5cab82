import type { JobRef } from '@linkhaul/storage';
import { KEYS, type KeyName, OTHERS } from './redis/schema.js';

/** A call's name inside Redis: `<tenant>/<id>/<number>`. Tenants and ids hold no slash. */
export interface CallRef {
  readonly job: JobRef;
  readonly call: number;
}

export function jobName(job: JobRef): string {
  return `${job.tenant}/${job.id}`;
}

export function jobFromName(name: string): JobRef {
  const [tenant = '', id = ''] = name.split('/');
  return { tenant, id };
}

export function callName(ref: CallRef): string {
  return `${jobName(ref.job)}/${ref.call}`;
}

export function callFromName(name: string): CallRef {
  const [tenant = '', id = '', call = ''] = name.split('/');
  return { job: { tenant, id }, call: Number(call) };
}

/** The lease of one attempt of a call. */
export function callLease(at: CallRef & { readonly attempt: number }): string {
  return `${callName(at)}.${at.attempt}`;
}

/** What a name in braces stands for: `job` is a JobRef, written as `<tenant>/<id>`. */
type Part<Name extends string> = Name extends 'job'
  ? JobRef
  : Name extends 'call' | 'run' | 'day' | 'month' | 'hour' | 'minute'
    ? number
    : string;

type Parts<Key extends string> = Key extends `${string}{${infer Name}}${infer Rest}`
  ? [Part<Name>, ...Parts<Rest>]
  : [];

type MadeKey<Key extends string> = Parts<Key> extends [] ? string : (...parts: Parts<Key>) => string;

/** The keys of redis/schema.ts under a prefix. A key with names in braces is a function: `keys.call(job, 7)`. */
export type Keys = {
  readonly [Name in KeyName]: MadeKey<(typeof KEYS)[Name]['key']>;
} & { readonly [Name in keyof typeof OTHERS | 'root']: string };

export function keysOf(prefix: string): Keys {
  const own = Object.entries(KEYS).map(([name, { key }]) => [name, madeKey(prefix, key)] as const);
  const others = Object.entries(OTHERS).map(([name, beginning]) => [name, `${prefix}:${beginning}`] as const);
  return Object.fromEntries([['root', prefix], ...own, ...others]) as Keys;
}

/** The key of a name in a snapshot. Snapshots name keys without the prefix. */
export function keyOfName(keys: Keys, name: string): string {
  return `${keys.root}:${name}`;
}

/** The inverse of `keyOfName`. */
export function nameOfKey(keys: Keys, key: string): string {
  return key.slice(keys.root.length + 1);
}

/** The prefix may have braces too, which stand for nothing: in a cluster it is a hash tag. */
function madeKey(prefix: string, pattern: string) {
  const [first = '', ...rest] = pattern.split(/\{\w+\}/);
  if (rest.length === 0) return `${prefix}:${pattern}`;
  return (...parts: (JobRef | string | number)[]) =>
    rest.reduce((key, text, at) => `${key}${namedPart(parts[at] ?? '')}${text}`, `${prefix}:${first}`);
}

function namedPart(part: JobRef | string | number): string {
  return typeof part === 'object' ? jobName(part) : String(part);
}
