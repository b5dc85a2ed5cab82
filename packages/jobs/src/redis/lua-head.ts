import { CONSTANTS } from './constants.js';
import { KEYS } from './schema.js';

/**
 * The head of a script: its arguments, and the keys (`window_key`, `call_key(job, call)`) and constants that it names.
 */
export function luaHead(script: string): string {
  const code = script.replaceAll(/--.*$/gm, '');
  const named = [...new Set(code.match(/\b\w+_key\b|\b[A-Z][A-Z_]+\b/g))].sort();
  const constants = Object.entries(CONSTANTS).filter(([name]) => named.includes(name));
  return [
    'local arg, root = cjson.decode(ARGV[1]), KEYS[1]',
    ...constants.map(([name, value]) => `local ${name} = ${luaValue(value)}`),
    ...named.filter((name) => name.endsWith('_key')).map((name) => luaKey(name.replace(/_key$/, ''))),
    '',
  ].join('\n');
}

/** A number, or a set: `{ budget = true }`. */
function luaValue(value: number | readonly string[]): string {
  return typeof value === 'number' ? String(value) : `{ ${value.map((name) => `${name} = true`).join(', ')} }`;
}

const PATTERNS = new Map(Object.entries(KEYS).map(([name, { key }]) => [luaName(name), key]));

export function luaName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `job:{job}:call:{call}`, which is `root .. ':job:' .. job .. ':call:' .. call`. */
function luaKey(name: string): string {
  const key = PATTERNS.get(name);
  if (key === undefined) throw new Error(`${name}_key is no key of redis/schema.ts`);
  const parts = [...key.matchAll(/\{(\w+)\}/g)].map(([, part = '']) => part);
  const text = `root .. ':${key.replaceAll(/\{(\w+)\}/g, "' .. $1 .. '")}'`.replace(/ \.\. ''$/, '');
  return parts.length === 0
    ? `local ${name}_key = ${text}`
    : `local function ${name}_key(${parts.join(', ')}) return ${text} end`;
}
