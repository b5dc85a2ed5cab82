import { parseArgs } from 'node:util';
import { nearest } from '@linkhaul/schemas';
import { badInput, CliFailure } from '../failure.js';
import { printable } from '../render/printable.js';
import type { Option, Options, Values } from './option.js';

/** The arguments that a command takes. */
export interface Grammar<O extends Options> {
  /** Names of the positional arguments, in order. One in brackets is optional: `['ID', '[TAG]']`. */
  readonly takes: readonly string[];
  readonly options: O;
}

export interface Parsed<O extends Options> {
  readonly values: Values<O>;
  readonly args: readonly string[];
}

/** Parses the arguments of a command. Throws `CliFailure`, which suggests the option that was probably meant. */
export function parseWords<O extends Options>(words: readonly string[], grammar: Grammar<O>): Parsed<O> {
  const { options, takes } = grammar;
  const given = new Map<string, string[]>();
  const args: string[] = [];
  for (const token of tokensOf(words, options)) {
    if (token.kind === 'positional') args.push(token.value);
    if (token.kind === 'option') take(token, options, given);
  }
  checkArguments(args, takes);
  return { values: valuesOf(options, given), args };
}

interface Given {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function tokensOf(words: readonly string[], options: Options) {
  const config = Object.fromEntries(
    Object.entries(options).map(([name, { value, short }]) => [
      name,
      { type: value === null ? ('boolean' as const) : ('string' as const), ...(short === undefined ? {} : { short }) },
    ]),
  );
  // Not strict, because our own messages are clearer.
  return parseArgs({ args: [...words], options: config, strict: false, allowPositionals: true, tokens: true }).tokens;
}

function take({ name, rawName, value, inlineValue }: Given, options: Options, given: Map<string, string[]>): void {
  const known = Object.hasOwn(options, name) ? options[name] : undefined;
  if (known === undefined) throw unknownOption(rawName, options);
  if (known.value === null && inlineValue) throw badInput(`${rawName} takes no value.`);
  if (known.value !== null && isMissing(value, inlineValue)) {
    throw badInput(
      `${rawName} needs a value: ${rawName} ${known.value}. (One that begins with - is written ${rawName}=…)`,
    );
  }
  const before = given.get(name) ?? [];
  if (before.length > 0 && !known.many) throw badInput(`${rawName} is given twice: keep one.`);
  given.set(name, [...before, value ?? '']);
}

/** In `--tag --json` the tag is missing; `--tag=--json` has one. A lone `-` is a value: standard input or output. */
function isMissing(value: string | undefined, inlineValue: boolean | undefined): boolean {
  return value === undefined || (!inlineValue && value.startsWith('-') && value !== '-');
}

function unknownOption(rawName: string, options: Options): CliFailure {
  const near = rawName.startsWith('--') ? nearest(rawName.slice(2), Object.keys(options)) : null;
  const advice = near === null ? '--help lists the options.' : `Did you mean --${near}?`;
  return badInput(`There is no option ${printable(rawName)}. ${advice}`);
}

function checkArguments(args: readonly string[], takes: readonly string[]): void {
  const missing = takes.slice(args.length).find((name) => !name.startsWith('['));
  if (missing !== undefined)
    throw badInput(`${missing.replace('|-', ', or - for standard input,')} is missing. --help shows how to call it.`);
  const extra = args[takes.length];
  if (extra !== undefined)
    throw badInput(`"${printable(extra)}" is one argument too many. --help shows how to call it.`);
  const empty = args.indexOf('');
  if (empty !== -1) throw badInput(`${takes[empty] ?? ''} must not be empty.`);
}

function valuesOf<O extends Options>(options: O, given: ReadonlyMap<string, readonly string[]>): Values<O> {
  const values = Object.entries(options).map(([name, option]) => [name, read(name, option, given.get(name) ?? [])]);
  return Object.fromEntries(values);
}

function read(name: string, option: Option<unknown>, texts: readonly string[]): unknown {
  try {
    return option.read(texts);
  } catch (error) {
    throw error instanceof CliFailure ? badInput(`--${name} ${error.message}.`.replace(/\?\.$/, '?')) : error;
  }
}
