import { fileURLToPath } from 'node:url';
import type { Backend } from './backend.js';
import { fileBackend } from './backends/file.js';
import { redisBackend } from './backends/redis.js';
import type { RedisSettings } from './backends/redis-address.js';
import { redisFirstWriters } from './backends/redis-first-writers.js';
import { parseS3Url } from './backends/s3/address.js';
import { givenCredentials, machineCredentials, type S3Credentials } from './backends/s3/credentials.js';
import { s3Backend } from './backends/s3.js';

/** What STORAGE_URL says: the backend, and the most rows that a job may have there. */
export interface StorageSettings {
  readonly kind: 'redis' | 'file' | 's3';
  readonly maxRows: number;
  open(access: StorageAccess): Backend;
}

/** What a backend may need besides its URL: the Redis of the live state, and a bucket's credentials. Null: the machine's. */
export interface StorageAccess extends RedisSettings {
  readonly credentials?: S3Credentials | null;
}

const MAX_ROWS_IN_REDIS = 100_000;
const MAX_STORED_ROWS = 10_000_000;

/** Parses STORAGE_URL: `redis:`, `file:///dir`, or `s3://bucket/prefix`. Null for anything else. */
export function parseStorageUrl(text: string): StorageSettings | null {
  if (text === 'redis:') {
    return { kind: 'redis', maxRows: MAX_ROWS_IN_REDIS, open: redisBackend };
  }
  const directory = text.startsWith('file:///') ? directoryOf(text) : null;
  if (directory !== null) return { kind: 'file', maxRows: MAX_STORED_ROWS, open: () => fileBackend(directory) };
  const address = parseS3Url(text);
  if (address === null) return null;
  return {
    kind: 's3',
    maxRows: MAX_STORED_ROWS,
    open(access) {
      const { credentials: given } = access;
      const credentials = given ? givenCredentials(given) : machineCredentials(address.region);
      return s3Backend({ address, credentials, writers: redisFirstWriters(access) });
    },
  };
}

function directoryOf(url: string): string | null {
  try {
    return fileURLToPath(url);
  } catch {
    // An encoded slash, a broken escape, or no URL at all.
    return null;
  }
}
