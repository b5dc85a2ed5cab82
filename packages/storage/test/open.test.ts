import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { parseStorageUrl, StorageAway } from '../src/index.js';
import { newFolder } from './backends.js';
import { testRedisUrl } from './redis.js';

const redis = { url: 'redis://127.0.0.1:1', prefix: 'test' };

test('a storage URL names the backend and the most rows that a job may have there', () => {
  expect(parseStorageUrl('redis:')).toMatchObject({ kind: 'redis', maxRows: 100_000 });
  expect(parseStorageUrl('file:///var/lib/linkhaul')).toMatchObject({ kind: 'file', maxRows: 10_000_000 });
});

test.each([
  '',
  'redis',
  'redis://host',
  'file:',
  'file://host/dir',
  'file:relative',
  's3://bucket',
  '/dir',
  'file:///a%2Fb',
  'file:///%zz',
])('the storage URL %j is not understood', (text) => expect(parseStorageUrl(text)).toBeNull());

test('check rejects where the backend cannot serve', async () => {
  const file = join(await newFolder(), 'file');
  await writeFile(file, '');
  const blocked = parseStorageUrl(pathToFileURL(join(file, 'dir')).href)?.open(redis);
  blocked?.serve('inst_test');
  await expect(blocked?.check()).rejects.toThrow(StorageAway);
  const away = parseStorageUrl('redis:')?.open(redis);
  await expect(away?.check()).rejects.toThrow(StorageAway);
  await away?.close();
});

test('a write that fails leaves no temporary file', async () => {
  const root = await newFolder();
  const backend = parseStorageUrl(pathToFileURL(root).href)?.open({ url: testRedisUrl(), prefix: 'unused' });
  await backend?.claim('inst_test');
  await mkdir(join(root, 'jobs', 'a-folder', 'inside'), { recursive: true });
  await expect(backend?.put('jobs/a-folder', Buffer.from('x'))).rejects.toThrow();
  expect(await readdir(join(root, 'jobs'))).toEqual(['a-folder']);
});
