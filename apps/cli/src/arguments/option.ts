import { nearest } from '@linkhaul/schemas';
import { badInput } from '../failure.js';

/** An option of a command, as in `--name value`. */
export interface Option<T> {
  readonly short?: string;
  /** The placeholder of its value in the help, such as `FILE`; null for a flag. */
  readonly value: string | null;
  readonly help: string;
  /** True if it may be given more than once. */
  readonly many: boolean;
  /** Parses the given texts, in order; a flag has one empty text. Throws `CliFailure`, whose text does not name the option. */
  readonly read: (given: readonly string[]) => T;
}

export type Options = Readonly<Record<string, Option<unknown>>>;
export type Values<O extends Options> = { readonly [K in keyof O]: ReturnType<O[K]['read']> };

type Read<T> = (text: string) => T;

export function flag(help: string): Option<boolean> {
  return { value: null, help, many: false, read: (given) => given.length > 0 };
}

/** An option with a value; undefined if it is not given. */
export function option<T>(value: string, help: string, read: Read<T>): Option<T | undefined> {
  return { value, help, many: false, read: ([text]) => (text === undefined ? undefined : read(text)) };
}

/** An option that must be given. */
export function required<T>(value: string, help: string, read: Read<T>): Option<T> {
  return {
    value,
    help: `${help} (required)`,
    many: false,
    read: ([text]) => {
      if (text === undefined) throw badInput(`is required: ${help}`);
      return read(text);
    },
  };
}

/** Pairs, as in `--metadata team=seo --metadata lang=en`. */
export function pairs(help: string): Option<Readonly<Record<string, string>>> {
  return {
    value: 'NAME=VALUE',
    help: `${help}; may be repeated`,
    many: true,
    read: (given) => {
      const named = new Map<string, string>();
      for (const [name, value] of given.map(pair)) {
        if (named.has(name)) throw badInput(`names ${name} twice: keep one`);
        named.set(name, value);
      }
      return Object.fromEntries(named);
    },
  };
}

/** Adds a short form: `-e` for `--endpoint`. */
export function short<T>(letter: string, long: Option<T>): Option<T> {
  return { ...long, short: letter };
}

export const text: Read<string> = (given) => {
  if (given === '') throw badInput('must not be empty');
  return given;
};

export function oneOf<const T extends string>(names: readonly T[]): Read<T> {
  return (given) => {
    const found = names.find((name) => name === given);
    if (found !== undefined) return found;
    const near = nearest(given, names);
    throw badInput(near === null ? `must be one of ${names.join(', ')}` : `"${given}": did you mean ${near}?`);
  };
}

/** Values separated by commas. */
export function listOf<T>(read: Read<T>): Read<readonly T[]> {
  return (given) => given.split(',').map(read);
}

/** Names of a closed list, separated by commas. */
export function someOf<const T extends string>(names: readonly T[]): Read<readonly T[]> {
  return listOf(oneOf(names));
}

/** US dollars, such as `2.50`. */
export const usd: Read<number> = (given) => {
  if (!/^\d{1,7}(\.\d{1,9})?$/.test(given)) throw badInput('must be an amount of US dollars, such as 2.50');
  return Number(given);
};

export function wholeNumber(least: number, most: number): Read<number> {
  return (given) => {
    const number = /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw badInput(`must be a whole number from ${least} to ${most}`);
  };
}

/** A number without sign or exponent. */
export function decimal(most = Number.POSITIVE_INFINITY): Read<number> {
  return (given) => {
    const number = /^\d{0,15}(\.\d{1,9})?$/.test(given) && given !== '' ? Number(given) : Number.NaN;
    if (number <= most) return number;
    throw badInput(
      most === Number.POSITIVE_INFINITY ? 'must be a number, 0 or more' : `must be a number from 0 to ${most}`,
    );
  };
}

export const jsonObject: Read<Record<string, unknown>> = (given) => {
  const value = parsed(given);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badInput(`must be a JSON object, such as '{"include_subdomains": true}'`);
  }
  return { ...value };
};

function parsed(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return null;
  }
}

function pair(given: string): readonly [string, string] {
  const at = given.indexOf('=');
  if (at < 1) throw badInput('must be name=value');
  return [given.slice(0, at), given.slice(at + 1)];
}
