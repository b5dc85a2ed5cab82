import { expect, test } from 'vitest';
import { z } from 'zod';
import { CONSTANTS } from '../../src/redis/constants.js';
import { script } from '../../src/scripts.js';
import { send } from '../messages.js';
import { openSpace, planJob, recordOf, settlement } from '../planning/space.js';
import { sourcesOf, wholeSourcesOf } from './sources.js';

const lua = sourcesOf('.lua').map(({ file, text }) => ({ name: file.replace('.lua', ''), text }));
const typescript = sourcesOf('.ts');

/** Which TypeScript files run a script: `script<…>()('call/settle', …)`. */
function runnersOf(name: string): string[] {
  return typescript.filter(({ text }) => text.includes(`'${name}',`)).map(({ file }) => file);
}

test('each Lua file is run by one function, or included by others', () => {
  const included = new Set(wholeSourcesOf('.lua').flatMap(({ text }) => text.match(/(?<=@include ")[^"]+/g) ?? []));
  for (const { name } of lua) {
    expect([name, runnersOf(name).length]).toEqual([name, included.has(name) ? 0 : 1]);
  }
});

test('Redis takes every script: one has room for 200 local names', async () => {
  const { redis } = await openSpace();
  for (const { name } of lua) {
    const { source } = script()(name, z.unknown());
    expect(await redis.script('LOAD', source), name).toMatch(/^[0-9a-f]{40}$/);
  }
});

test('a script reads no argument that its function does not name', () => {
  const shared = typescript.filter(({ file }) => file === 'call/settlement.ts' || file === 'permit/grant.ts');
  for (const { name, text } of lua) {
    const runner = typescript.find(({ file }) => file === runnersOf(name)[0]);
    if (runner === undefined) continue;
    const words = new Set([runner, ...shared].flatMap((source) => source.text.match(/\w+/g) ?? []));
    const read = [...text.matchAll(/\barg\.(\w+)/g)].map(([, field = '']) => field);
    expect(read.filter((field) => !words.has(field))).toEqual([]);
  }
});

test('texts and numbers reach a script whole; half of a surrogate pair is replaced', async () => {
  const space = await openSpace();
  const job = await planJob(space, { calls: 1 });
  const refusal = 'a "quoted" \ud83d half, a whole \u{1f600}, {"a":null} and \u0000';
  const cost = Number.MAX_SAFE_INTEGER;
  await space.ledger.settle(
    await send(space, { reserve: 0 }),
    settlement({ verdict: 'failed', failed: 10, cost, refusal }),
  );
  const { reason, counts } = await recordOf(space, job);
  expect(reason).toBe('a "quoted" \ufffd half, a whole \u{1f600}, {"a":null} and \u0000');
  expect(counts.spent).toBe(cost);
});

test('a constant that TypeScript knows too stands in no script', () => {
  const names = Object.keys(CONSTANTS).join('|');
  const declared = new RegExp(`local [\\w, ]*\\b(${names})\\b[\\w, ]* =`);
  expect(lua.filter(({ text }) => declared.test(text)).map(({ name }) => name)).toEqual([]);
});
