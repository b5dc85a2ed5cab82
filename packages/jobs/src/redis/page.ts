import { CALL_FIELDS, type FieldRow, JOB_FIELDS } from './fields.js';
import { KEY_GROUPS, type KeyRow, OTHERS } from './schema.js';

const HEAD = `# What is in Redis

This page is written from \`packages/jobs/src/redis/schema.ts\` and \`fields.ts\`. TypeScript and the Lua scripts
make their keys from these files too. Change them, then run \`pnpm build && pnpm exec vitest run packages/jobs/test/redis/schema.test.ts --update\`.

Each key begins with the prefix (\`REDIS_PREFIX\`) and a colon, such as \`linkhaul:window\`. \`{job}\` is \`<tenant>/<id>\`, a call
\`<tenant>/<id>/<call>\`, an attempt \`<tenant>/<id>/<call>.<attempt>\`. Times are ms since the epoch on Redis' clock
unless a row says otherwise; money is in nano-dollars. Writers are files of \`packages/jobs/src\`.
Keys under \`${OTHERS.bull}:\` are BullMQ's; those under \`${OTHERS.storage}:\` and \`${OTHERS.storageContents}\` are the \`redis:\`
storage of \`packages/storage\`. \`${OTHERS.storageFirst}:\` has the keys of a bucket that are being written now, if its store
has no conditional writes (decision 33).
`;

/** The whole text of docs/redis.md. */
export function redisPage(): string {
  const groups = Object.entries(KEY_GROUPS).map(([title, rows]) =>
    section(title, 'key', Object.values(rows).map(keyLine)),
  );
  return [
    HEAD,
    ...groups,
    section('Fields of a job', 'field', Object.entries(JOB_FIELDS).map(fieldLine)),
    section('Fields of a call', 'field', Object.entries(CALL_FIELDS).map(fieldLine)),
  ].join('\n');
}

function section(title: string, first: string, lines: readonly string[]): string {
  return [
    `## ${title}`,
    '',
    `| ${first} | type | what | kept | written by |`,
    '|---|---|---|---|---|',
    ...lines,
    '',
  ].join('\n');
}

function keyLine({ key, type, holds, kept, by }: KeyRow): string {
  return `| \`${key}\` | ${type} | ${holds} | ${kept.text} | ${writers(by)} |`;
}

function fieldLine([name, { type, holds, kept, by }]: [string, FieldRow]): string {
  return `| \`${name}\` | ${type} | ${holds} | ${kept ?? 'as long as the hash'} | ${writers(by)} |`;
}

function writers(by: string): string {
  return by.includes('/') ? by.replaceAll(' ', ', ') : by;
}
