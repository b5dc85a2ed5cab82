import { CONSTANTS } from './constants.js';
import { KEYS } from './schema.js';

/**
 * Puts a head before a script, with its arguments and the keys and constants that it names. A file says `window_key` and
 * `call_key(job, call)`; in the script these are members of one table, because Lua allows only 200 local names.
 */
export function withHead(script: string): string {
  const code = script.replaceAll(/--.*$/gm, '');
  const constants = Object.entries(CONSTANTS).filter(([name]) => new RegExp(`\\b${name}\\b`).test(code));
  const named = [...new Set([...code.matchAll(KEY)].map(([, name = '']) => name))].sort();
  const head = [
    'local arg, root = cjson.decode(ARGV[1]), KEYS[1]',
    ...constants.map(([name, value]) => `local ${name} = ${luaValue(value)}`),
    `local keys_of = { ${named.map(luaKey).join(', ')} }`,
    '',
  ];
  return `${head.join('\n')}${script.replaceAll(KEY, 'keys_of.$1')}`;
}

const KEY = /\b(\w+)_key\b/g;

/** A number, or a set: `{ budget = true }`. */
function luaValue(value: number | readonly string[]): string {
  return typeof value === 'number' ? String(value) : `{ ${value.map((name) => `${name} = true`).join(', ')} }`;
}

const PATTERNS = new Map(Object.entries(KEYS).map(([name, { key }]) => [luaName(name), key]));

export function luaName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `call = function(job, call) return root .. ':job:' .. job .. ':call:' .. call end`. */
function luaKey(name: string): string {
  const key = PATTERNS.get(name);
  if (key === undefined) throw new Error(`${name}_key is no key of redis/schema.ts`);
  const parts = [...key.matchAll(/\{(\w+)\}/g)].map(([, part = '']) => part);
  const text = `root .. ':${key.replaceAll(/\{(\w+)\}/g, "' .. $1 .. '")}'`.replace(/ \.\. ''$/, '');
  return parts.length === 0 ? `${name} = ${text}` : `${name} = function(${parts.join(', ')}) return ${text} end`;
}
