import { expect, test } from 'vitest';
import { Releases } from '../src/releases.js';

test('closes in reverse, once, and throws the first error after everything had its turn', async () => {
  const closed: string[] = [];
  const releases = new Releases();
  releases.add(() => void closed.push('redis'));
  releases.add(() => {
    closed.push('api');
    throw new Error('api did not stop');
  });
  releases.add(async () => void closed.push('worker'));
  await expect(releases.all()).rejects.toThrow('api did not stop');
  expect(closed).toEqual(['worker', 'api', 'redis']);
  await releases.all();
  expect(closed).toHaveLength(3);
});
