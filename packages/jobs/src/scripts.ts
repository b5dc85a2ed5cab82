import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { ChainableCommander, Redis } from 'ioredis';
import { withHead } from './redis/lua-head.js';

/** A Lua script: its arguments (`arg.call` in Lua) and how its answer is read. */
export interface Script<Arguments extends object, Reply> {
  /** The file's name without its folder: `settle` for `call/settle.lua`. */
  readonly name: string;
  readonly source: string;
  readonly digest: string;
  /** `bytes`: strings in the answer are buffers, because not all of them are text. */
  readonly answers: 'text' | 'bytes';
  parse(answer: unknown, takes?: Arguments): Reply;
}

/**
 * Files that were read already. Nearly all scripts include some of them, and a process makes all scripts when it
 * starts.
 */
const sources = new Map<string, string>();

/** Reads the answer of a script: a zod schema, or `replyOf`. */
export interface Reader<Reply> {
  parse(answer: unknown): Reply;
}

/** Runs a script under a key prefix. `bytes`: binary arguments, from ARGV[2] on. */
export type RunScript = <Arguments extends object, Reply>(
  script: Script<Arguments, Reply>,
  arg: Arguments,
  ...bytes: readonly Buffer[]
) => Promise<Reply>;

/**
 * The script of a file: `script<{ tenant: string }>()('tenant/take_request', reply)`. Names, such as a call's number,
 * are strings; quantities are numbers below 2^53. A null or undefined argument is nil in Lua.
 */
export function script<Arguments extends object>() {
  return <Reply>(file: string, reply: Reader<Reply>, answers: 'text' | 'bytes' = 'text'): Script<Arguments, Reply> => {
    const body = withIncludes(file, new Set());
    const made = once(() => {
      const source = withHead(body);
      return { source, digest: createHash('sha1').update(source).digest('hex') };
    });
    return {
      name: basename(file),
      answers,
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

/**
 * Makes a value at its first use. Making the heads of all scripts is a tenth of a process's start, and it runs few of
 * them.
 */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

export function scriptsOn(redis: Redis, prefix: string): RunScript {
  return async (script, arg, ...bytes) => {
    const args = [prefix, encoded(arg), ...bytes];
    try {
      const ask = script.answers === 'bytes' ? askForBytes : askForText;
      const answer = await ask(redis, 'EVALSHA', script.digest, args).catch((error: unknown) => {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return ask(redis, 'EVAL', script.source, args);
      });
      return script.parse(answer);
    } catch (error) {
      // Redis' own error names a script by its digest or its whole source.
      throw error instanceof Error ? Object.assign(error, { script: script.name }) : error;
    }
  };
}

/** Adds a script to a transaction, as its whole source: a digest may be unknown to its server. */
export function addScript<Arguments extends object>(
  multi: ChainableCommander,
  prefix: string,
  { script, arg }: { script: Script<Arguments, unknown>; arg: Arguments },
): void {
  multi.eval(script.source, 1, prefix, encoded(arg));
}

type Ask = (redis: Redis, command: 'EVALSHA' | 'EVAL', script: string, args: (string | Buffer)[]) => Promise<unknown>;

const askForText: Ask = (redis, command, script, args) =>
  command === 'EVALSHA' ? redis.evalsha(script, 1, ...args) : redis.eval(script, 1, ...args);

const askForBytes: Ask = (redis, command, script, args) => redis.callBuffer(command, script, 1, ...args);

/**
 * Leaves out null, which Lua would take for true, and replaces half surrogate pairs, which Lua refuses. Few arguments
 * have either.
 */
function encoded(arg: object): string {
  const text = JSON.stringify(arg);
  return text.includes(':null') || text.includes('\\ud') ? JSON.stringify(arg, readable) : text;
}

function readable(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll(/\p{Surrogate}/gu, '\ufffd') : (value ?? undefined);
}

/**
 * The source of a file behind the source of every file that it includes (`--- @include "tenant/money"`), each of them
 * once.
 */
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
