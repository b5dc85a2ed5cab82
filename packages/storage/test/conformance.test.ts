import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tries } from '../../../e2e/env.js';
import { BACKENDS, backendNames, INSTALLATION, NEW_BACKENDS } from './backends.js';

const bytes = (text: string) => Buffer.from(text);

describe.each(backendNames)('the %s backend', (name) => {
  const open = BACKENDS[name];

  test('put writes and replaces; what is not there is null', async () => {
    const backend = await open();
    expect(await backend.get('jobs/a/b')).toBeNull();
    await backend.put('jobs/a/b', bytes('one'));
    await backend.put('jobs/a/b', bytes('two, longer'));
    await backend.put('jobs/a/c', bytes(''));
    expect(await backend.get('jobs/a/b')).toEqual(bytes('two, longer'));
    expect(await backend.get('jobs/a/c')).toEqual(bytes(''));
  });

  test('its first commands may come all at once', async () => {
    const backend = await open();
    const keys = Array.from({ length: 20 }, (_, at) => `jobs/${at}`);
    await Promise.all(keys.map((key) => backend.put(key, bytes(key))));
    expect(await Promise.all(keys.map((key) => backend.get(key)))).toEqual(keys.map(bytes));
  });

  test('create: of twenty that race one wins, and its bytes stay', async () => {
    const backend = await open();
    const wins = await Promise.all(
      Array.from({ length: 20 }, (_, at) => backend.create('jobs/x/1.1', bytes(`answer ${at}`))),
    );
    expect(wins.filter((won) => won)).toHaveLength(1);
    const winner = bytes(`answer ${wins.indexOf(true)}`);
    expect(await backend.get('jobs/x/1.1')).toEqual(winner);
    expect(await backend.create('jobs/x/1.1', bytes('later'))).toBe(false);
    expect(await backend.get('jobs/x/1.1')).toEqual(winner);
    expect(await backend.list('jobs/x')).toEqual(['jobs/x/1.1']);
  });

  test('list gives every key below a folder, and nothing beside it', async () => {
    const backend = await open();
    const below = ['jobs/t/job_1/job.json', 'jobs/t/job_1/rows/000000', 'jobs/t/job_1/answers/000000/1.1'];
    for (const key of [...below, 'jobs/t/job_10/job.json', 'jobs/t2/job_1/job.json'])
      await backend.put(key, bytes(key));
    expect((await backend.list('jobs/t/job_1')).toSorted()).toEqual(below.toSorted());
    expect(await backend.list('jobs/t')).toHaveLength(4);
    expect(await backend.list('jobs/none')).toEqual([]);
  });

  test('remove takes a folder, and not its sibling whose name begins alike', async () => {
    const backend = await open();
    for (const job of ['job_1', 'job_10', 'job_*']) {
      for (let at = 0; at < 3; at++) await backend.put(`jobs/t/${job}/answers/${at}`, bytes(job));
    }
    await backend.remove('jobs/t/job_*');
    expect(await backend.list('jobs/t')).toHaveLength(6);
    await backend.remove('jobs/t/job_1');
    expect((await backend.list('jobs/t')).toSorted()).toEqual([0, 1, 2].map((at) => `jobs/t/job_10/answers/${at}`));
    await backend.remove('jobs/t/job_1');
    expect(await backend.get('jobs/t/job_1/answers/0')).toBeNull();
  });

  test('remove takes more keys than one command holds', async () => {
    const backend = await open();
    await Promise.all(Array.from({ length: 2500 }, (_, at) => backend.put(`jobs/t/big/${at}`, bytes('x'))));
    await backend.remove('jobs/t/big');
    expect(await backend.list('jobs/t')).toEqual([]);
  });

  test('any bytes come back as they were', async () => {
    const backend = await open();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async (some) => {
        await backend.put('jobs/binary', some);
        expect(await backend.get('jobs/binary')).toEqual(Buffer.from(some));
      }),
      { numRuns: tries(15) },
    );
  });

  test('a part of a larger buffer is stored as that part', async () => {
    const backend = await open();
    await backend.put('jobs/part', bytes('0123456789').subarray(3, 6));
    expect(await backend.get('jobs/part')).toEqual(bytes('345'));
  });

  test('check serves, and leaves nothing behind', async () => {
    const backend = await open();
    const before = await backend.list('.');
    await backend.check();
    expect(await backend.list('.')).toEqual(before);
    expect(await backend.list('jobs')).toEqual([]);
  });

  test('the marker: nobody at first, then the first of twenty that claim, for good', async () => {
    const backend = await NEW_BACKENDS[name]();
    expect(await backend.owner()).toBeNull();
    const ids = Array.from({ length: 20 }, (_, at) => `inst_${at}`);
    const owners = new Set(await Promise.all(ids.map((id) => backend.claim(id))));
    expect(owners.size).toBe(1);
    const [owner = ''] = owners;
    expect(ids).toContain(owner);
    expect(await backend.owner()).toBe(owner);
    expect(await backend.claim('inst_later')).toBe(owner);
  });

  test('what is served is read again by another opening, and stays when the marker is claimed again', async () => {
    const backend = await open();
    await backend.put('jobs/a', bytes('a'));
    expect(await backend.claim(INSTALLATION)).toBe(INSTALLATION);
    await backend.verify();
    expect(await backend.get('jobs/a')).toEqual(bytes('a'));
  });
});
