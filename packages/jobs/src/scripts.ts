import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Redis } from 'ioredis';
import { luaHead } from './redis/lua-head.js';

/** A Lua script, with what it takes (`arg.call` in Lua) and how its answer is read. */
export interface Script<Arguments extends object, Reply> {
  /** `settle` of `call/settle.lua`. */
  readonly name: string;
  readonly source: string;
  readonly digest: string;
  parse(answer: unknown, takes?: Arguments): Reply;
}

/** The files that were read. Some are in nearly all scripts, and every process makes all scripts as it starts. */
const sources = new Map<string, string>();

/** Reads what a script has answered: a zod schema, or `replyOf`. */
export interface Reader<Reply> {
  parse(answer: unknown): Reply;
}

/** Runs a script under a key prefix. `bytes`: what is not text, as ARGV[2] and on. */
export type RunScript = <Arguments extends object, Reply>(
  script: Script<Arguments, Reply>,
  taken: Arguments,
  ...bytes: readonly Buffer[]
) => Promise<Reply>;

/**
 * The script of a file: `script<{ tenant: string }>()('tenant/take_request', reply)`. Names, such as a call's number, are
 * texts, and quantities are numbers below 2^53; what is null or undefined is nil in Lua.
 */
export function script<Arguments extends object>() {
  return <Reply>(file: string, reply: Reader<Reply>): Script<Arguments, Reply> => {
    const body = withIncludes(file, new Set());
    const made = once(() => {
      const source = `${luaHead(body)}${body}`;
      return { source, digest: createHash('sha1').update(source).digest('hex') };
    });
    return {
      name: basename(file),
      get source() {
        return made().source;
      },
      get digest() {
        return made().digest;
      },
      parse: (answer) => reply.parse(answer),
    };
  };
}

/** Makes a thing when it is first asked for: the heads of all scripts are a tenth of a process's start, and it runs few. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

export function scriptsOn(redis: Redis, prefix: string): RunScript {
  return async (script, taken, ...bytes) => {
    const args = [prefix, encoded(taken), ...bytes];
    try {
      const answer = await redis.evalsha(script.digest, 1, ...args).catch((error: unknown) => {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return redis.eval(script.source, 1, ...args);
      });
      return script.parse(answer);
    } catch (error) {
      // Redis names a script by its digest, or by its whole source.
      throw error instanceof Error ? Object.assign(error, { script: script.name }) : error;
    }
  };
}

/** In Lua null would be true, and half a surrogate pair is an error: few arguments have either. */
function encoded(taken: object): string {
  const text = JSON.stringify(taken);
  return text.includes(':null') || text.includes('\\ud') ? JSON.stringify(taken, readable) : text;
}

function readable(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll(/\p{Surrogate}/gu, '\ufffd') : (value ?? undefined);
}

/** A file's source behind that of all files that it includes: `--- @include "tenant/money"`, each of them once. */
function withIncludes(file: string, included: Set<string>): string {
  if (included.has(file)) return '';
  included.add(file);
  const source = readScript(file);
  const needed = [...source.matchAll(/^--- @include "(.+)"$/gm)].map(([, path = '']) => withIncludes(path, included));
  return `${needed.join('')}${source}\n`;
}

function readScript(file: string): string {
  const source = sources.get(file) ?? readFileSync(new URL(`./${file}.lua`, import.meta.url), 'utf8');
  sources.set(file, source);
  return source;
}
