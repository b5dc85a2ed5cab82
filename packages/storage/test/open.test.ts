import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { parseS3Url } from '../src/backends/s3/address.js';
import { parseStorageUrl, type RedisSettings, StorageAway } from '../src/index.js';
import { newFolder } from './backends.js';

const redis: RedisSettings = { address: { kind: 'server', url: 'redis://127.0.0.1:1' }, prefix: 'test' };

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
  's3://',
  's3:bucket',
  's3://b',
  's3://key:secret@bucket',
  's3://bucket:9000',
  's3://bucket/a//b',
  's3://bucket/%zz',
  's3://bucket?regoin=eu-west-1',
  's3://bucket?endpoint=minio:9000',
  's3://bucket?endpoint=ftp://minio',
  's3://bucket?path_style=yes',
  's3://bucket?region=eu/west',
  '/dir',
  'file:///a%2Fb',
  'file:///%zz',
])('the storage URL %j is not understood', (text) => expect(parseStorageUrl(text)).toBeNull());

test.each([
  ['s3://bucket', 'https://bucket.s3.us-east-1.amazonaws.com', ''],
  ['s3://bucket/?region=eu-west-1', 'https://bucket.s3.eu-west-1.amazonaws.com', ''],
  ['s3://my.bucket/a/b/?region=eu-west-1&path_style=true', 'https://s3.eu-west-1.amazonaws.com', '/my.bucket'],
  ['s3://bucket/a%20b?endpoint=http://minio:9000', 'http://minio:9000', '/bucket'],
  [
    's3://bucket?endpoint=https://fra1.digitaloceanspaces.com&path_style=false',
    'https://bucket.fra1.digitaloceanspaces.com',
    '',
  ],
  ['s3://bucket?endpoint=https://project.example/storage/v1/s3', 'https://project.example', '/storage/v1/s3/bucket'],
])('%s is asked for at %s%s', (text, origin, path) => {
  expect(parseS3Url(text)).toMatchObject({ origin, path });
  expect(parseStorageUrl(text)).toMatchObject({ kind: 's3', maxRows: 10_000_000 });
});

test('what stands behind the bucket stands before each key', () => {
  expect(parseS3Url('s3://bucket')).toMatchObject({ prefix: '' });
  expect(parseS3Url('s3://bucket/a%20b/c/')).toMatchObject({ prefix: 'a b/c/' });
});

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
  const backend = parseStorageUrl(pathToFileURL(root).href)?.open(redis);
  await backend?.claim('inst_test');
  await mkdir(join(root, 'jobs', 'a-folder', 'inside'), { recursive: true });
  await expect(backend?.put('jobs/a-folder', Buffer.from('x'))).rejects.toThrow();
  expect(await readdir(join(root, 'jobs'))).toEqual(['a-folder']);
});
