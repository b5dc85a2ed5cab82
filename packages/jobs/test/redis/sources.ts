import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One command to Redis as it stands in a source: `HSET`, and its arguments as they are written there. */
export interface Command {
  readonly file: string;
  readonly names: readonly string[];
  readonly args: readonly string[];
  /** The keys that its first argument may be, as keys of redis/schema.ts; null where that is a parameter. */
  readonly keys: readonly string[] | null;
}

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));

interface Source {
  /** From src on: `call/settle.lua`. */
  readonly file: string;
  readonly text: string;
}

/** All sources of a kind, without their comments. */
export function sourcesOf(kind: '.lua' | '.ts'): Source[] {
  return wholeSourcesOf(kind).map(({ file, text }) => ({ file, text: withoutComments(text, kind) }));
}

export function wholeSourcesOf(kind: '.lua' | '.ts'): Source[] {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(kind));
  return files.sort().map((file) => ({ file, text: readFileSync(`${SRC}${file}`, 'utf8') }));
}

function withoutComments(text: string, kind: string): string {
  return kind === '.lua' ? text.replaceAll(/--.*$/gm, '') : text.replaceAll(/^\s*(\/\/|\/?\*).*$/gm, '');
}

export function luaCommands(): Command[] {
  const sources = sourcesOf('.lua');
  const everything = sources.map(({ text }) => text).join('\n');
  return sources.flatMap(({ file, text }) =>
    [...text.matchAll(/redis\.call\(/g)].map(({ index, 0: { length } }) => {
      const [name = '', ...args] = argumentsAt(text, index + length);
      const names = [...name.matchAll(/'([A-Z]+)'/g)].map(([, word = '']) => word);
      return { file, names, args, keys: keysIn(args[0] ?? '', [text, everything]) };
    }),
  );
}

/** Commands of ioredis whose first argument is a key: `redis.hset(keys.job(job), …)`. */
export function typescriptCommands(): Command[] {
  return sourcesOf('.ts').flatMap(({ file, text }) =>
    [...text.matchAll(/\.([a-z]+)\(\s*(?=keys\.|key\b)/g)].map(({ index, 0: { length }, 1: name = '' }) => {
      const args = argumentsAt(text, index + length);
      const made = /^keys\.(\w+)/.exec(args[0] ?? '')?.[1];
      const named = [...text.matchAll(/const key = keys\.(\w+)/g)].map(([, key = '']) => key);
      return { file, names: [name.toUpperCase()], args, keys: made === undefined ? named : [made] };
    }),
  );
}

/** Texts between the commas up to the closing bracket. */
function argumentsAt(text: string, from: number): string[] {
  const args = [''];
  let [depth, quoted] = [0, false];
  for (const letter of text.slice(from)) {
    if (letter === "'") quoted = !quoted;
    if (!quoted && '([{'.includes(letter)) depth++;
    if (!quoted && ')]}'.includes(letter) && --depth < 0) break;
    if (!quoted && depth === 0 && letter === ',') args.push('');
    else args[args.length - 1] += letter;
  }
  return args.map((arg) => arg.trim()).filter((arg) => arg !== '');
}

/** Without what stands in brackets. */
function outermost(expression: string): string {
  const shorter = expression.replaceAll(/\([^()]*\)/g, '');
  return shorter === expression ? expression : outermost(shorter);
}

/** Follows names to where they are declared: in the file itself, else in any other. */
function keysIn(expression: string, [own = '', everything = '']: readonly string[]): string[] | null {
  const direct = [...outermost(expression).matchAll(/\b(\w+)_key\b/g)].map(([, name = '']) => name);
  if (direct.length > 0) return direct;
  const maker = /^(\w+)\(/.exec(expression)?.[1];
  const returned = new RegExp(`function ${maker}\\(.*\\n(?:.*\\n)*?\\s*return (.*)`).exec(everything)?.[1];
  if (maker !== undefined) return returned === undefined ? [] : keysIn(returned, [own, everything]);
  const name = /^(?:\w+\.)?(\w+)$/.exec(expression)?.[1];
  // A field that was read may hold a key, such as that of a job's idempotency key. A text is a key that is spelled.
  if (name === undefined) return expression.includes("'") ? [] : null;
  for (const text of [own, everything]) {
    const values = [...declarationsOf(name, text)].filter((value) => /^(\w+_key\b|\w+_(of|in|beside)\()/.test(value));
    const found = values.flatMap((value) => keysIn(value, [own, everything]) ?? []);
    if (found.length > 0) return [...new Set(found)];
  }
  return new RegExp(`function \\w+\\([^)]*\\b${name}\\b`).test(own) ? null : [];
}

/** What a name is made of in `local a, b = x, y`, in `for _, name in …` and in `{ name = x }`. */
function* declarationsOf(name: string, text: string): Generator<string> {
  for (const [, names = '', values = ''] of text.matchAll(/local ([\w, ]+?) = (.*)/g)) {
    const at = names.split(', ').indexOf(name);
    const value = argumentsAt(`${values})`, 0)[at];
    if (at >= 0 && value !== undefined) yield value;
  }
  for (const [, value = ''] of text.matchAll(new RegExp(`^\\s*${name} = (.*),$`, 'gm'))) yield value;
}
