import { KEYS } from './schema.js';

/** The keys that a script names, in Lua: `window_key`, `call_key(job, call)`. A name that is no key's is an error. */
export function luaKeys(script: string): string {
  const code = script.replaceAll(/--.*$/gm, '');
  const named = new Set([...code.matchAll(/\b(\w+)_key\b/g)].map(([, name = '']) => name));
  const known = new Map(Object.entries(KEYS).map(([name, { key }]) => [luaName(name), key]));
  const keys = [...named].sort().map((name) => {
    const key = known.get(name);
    if (key === undefined) throw new Error(`${name}_key is no key of redis/schema.ts`);
    return luaKey(name, key);
  });
  return ['local root = KEYS[1]', ...keys, ''].join('\n');
}

export function luaName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `job:{job}:call:{call}`, which is `root .. ':job:' .. job .. ':call:' .. call`. */
function luaKey(name: string, key: string): string {
  const parts = [...key.matchAll(/\{(\w+)\}/g)].map(([, part = '']) => part);
  const text = `root .. ':${key.replaceAll(/\{(\w+)\}/g, "' .. $1 .. '")}'`.replace(/ \.\. ''$/, '');
  return parts.length === 0
    ? `local ${name}_key = ${text}`
    : `local function ${name}_key(${parts.join(', ')}) return ${text} end`;
}
