import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { CALL_FIELDS, type FieldRow, JOB_FIELDS } from '../../src/redis/fields.js';
import { luaName } from '../../src/redis/lua-head.js';
import { redisPage } from '../../src/redis/page.js';
import { KEYS } from '../../src/redis/schema.js';
import { type Command, luaCommands, sourcesOf, typescriptCommands } from './sources.js';

const PAGE = fileURLToPath(new URL('../../../../docs/redis.md', import.meta.url));

const lua = luaCommands();
const commands = [
  ...lua,
  ...typescriptCommands().map((command) => ({ ...command, keys: command.keys?.map(luaName) ?? null })),
];
const HASHES: Readonly<Record<string, object>> = { job: JOB_FIELDS, call: CALL_FIELDS };

/** Commands that change a key. DEL and expiries end it, which `kept` says. */
const WRITES = /^(H(SET|SETNX|INCRBY)|(INCR|INCRBY|SET|SETNX|SETBIT|RENAME|PUBLISH|XADD|LMOVE|Z?S?ADD|[LR]PUSH))$/;

function writersOf(row: string): string[] {
  const writing = commands.filter(({ names, keys }) => keys?.includes(row) && names.some((name) => WRITES.test(name)));
  return [...new Set(writing.map(({ file }) => file))].sort();
}

/** Field names of a command on a hash, as they are written; a quoted one is known before it runs. */
function fieldsOf({ names: [name = ''], args: [, ...rest] }: Command): string[] {
  if (name === 'HSET') return rest.filter((_, at) => at % 2 === 0);
  return name === 'HMGET' || name === 'HDEL' ? rest : name.startsWith('H') ? rest.slice(0, 1) : [];
}

/** Fields of the job's and the call's hash whose names a script computes. */
const COMPUTED: Readonly<Record<string, readonly string[]>> = {
  'call/damaged.lua': ['ok', 'empty'],
  'call/resolve.lua': ['failures', 'losses', 'deaths'],
  'job/accept.lua': newJobFieldNames(),
  // It removes those that say nothing.
  'job/finish.lua': [],
};

/** The file that says which fields these are, where it is another one. */
const SAID_IN: Readonly<Record<string, string>> = { 'job/accept.lua': 'job/new-job.ts' };

/** What newJobFields makes, which accept.lua is given. */
function newJobFieldNames(): string[] {
  const text = sourcesOf('.ts').find(({ file }) => file === 'job/new-job.ts')?.text ?? '';
  const body = /export function newJobFields.*?return \{(.*?)\n {2}\};/s.exec(text)?.[1] ?? '';
  return [...body.matchAll(/(?:^ {4}|\{ )(\w+): /gm)].map(([, name = '']) => name);
}

interface Use {
  readonly file: string;
  readonly hash: string;
  readonly writes: boolean;
  /** As it is written: `'status'`, or what computes it. */
  readonly field: string;
}

const uses: Use[] = [
  ...commands.flatMap((command) => {
    const hash = command.keys?.find((key) => key in HASHES);
    const writes = WRITES.test(command.names[0] ?? '');
    return hash === undefined ? [] : fieldsOf(command).map((field) => ({ file: command.file, hash, writes, field }));
  }),
  // `add(job, 'pending', 1)` of redis/shared.lua.
  ...sourcesOf('.lua').flatMap(({ file, text }) =>
    [...text.matchAll(/\badd\(job, (?!field)([^,]+),/g)].flatMap(([, names = '']) =>
      (names.match(/(?<!== )'\w+'/g) ?? [names]).map((field) => ({ file, hash: 'job', writes: true, field })),
    ),
  ),
].filter(({ file, field }) => file !== 'redis/shared.lua' || field !== 'field');

function writersOfField(hash: string, field: string): string[] {
  const literal = uses.filter((use) => use.writes && use.hash === hash && use.field === `'${field}'`);
  const computed = Object.entries(COMPUTED).filter(([file, fields]) => {
    const isOfCall = file === 'call/resolve.lua';
    return fields.includes(field) && isOfCall === (hash === 'call');
  });
  return [...new Set([...literal.map(({ file }) => file), ...computed.map(([file]) => SAID_IN[file] ?? file)])].sort();
}

const HELD_HASHES = Object.entries(HASHES).flatMap(([hash, fields]) =>
  Object.entries(fields).map(([field, row]) => ({ hash, field, by: (row as FieldRow).by })),
);

describe('no source spells a key or a field of its own', () => {
  test('in Lua every command is on a key of the table', () => {
    expect(lua.filter(({ keys }) => keys?.length === 0)).toEqual([]);
    const spelled = sourcesOf('.lua').filter(({ text }) =>
      /\broot\b *\.\.|KEYS\[|_key(\([^)]*\))? *\.\. *'/.test(text),
    );
    expect(spelled.map(({ file }) => file)).toEqual([]);
  });

  test('in TypeScript nothing is put behind a prefix or a key', () => {
    const spelled = sourcesOf('.ts').filter(({ text }) =>
      /\$\{[\w.]*(prefix|root|keys\.(?!bull\b)\w+(\([^)]*\))?)\}:/.test(text),
    );
    expect(spelled.map(({ file }) => file)).toEqual(['keys.ts']);
  });

  test('fields of the job and the call are in the table; names that are computed are those listed here', () => {
    const unquoted = uses.filter(({ field }) => !/^'\w+'$/.test(field)).map(({ file }) => file);
    expect([...new Set(unquoted)].sort()).toEqual(Object.keys(COMPUTED));
    const unknown = uses.filter(({ hash, field }) => /^'/.test(field) && !(field.slice(1, -1) in (HASHES[hash] ?? {})));
    expect(unknown).toEqual([]);
  });
});

test.each(Object.entries(KEYS).filter(([name]) => !(name in HASHES)))(
  '%s is written by those that its row names',
  (name, row) => {
    expect(writersOf(luaName(name)).join(' ')).toBe(row.by);
  },
);

test.each(HELD_HASHES)('field $field of the $hash is written by those that its row names', ({ hash, field, by }) => {
  expect(writersOfField(hash, field).join(' ')).toBe(by);
});

test('docs/redis.md is what the tables give (`vitest run --update` writes the page)', async () => {
  await expect(redisPage()).toMatchFileSnapshot(PAGE);
});
