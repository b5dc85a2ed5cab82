import { fileURLToPath } from 'node:url';
import type { Backend } from './backend.js';
import { fileBackend } from './backends/file.js';
import { redisBackend } from './backends/redis.js';

/** What STORAGE_URL says: the backend, and the most rows that a job may have there. */
export interface StorageSettings {
  readonly kind: 'redis' | 'file';
  readonly maxRows: number;
  open(redis: { url: string; prefix: string }): Backend;
}

const MAX_ROWS_IN_REDIS = 100_000;
const MAX_ROWS = 10_000_000;

/** Parses STORAGE_URL: `redis:`, or `file:///dir`. Null for anything else. */
export function parseStorageUrl(text: string): StorageSettings | null {
  if (text === 'redis:') {
    return { kind: 'redis', maxRows: MAX_ROWS_IN_REDIS, open: ({ url, prefix }) => redisBackend(url, prefix) };
  }
  const directory = text.startsWith('file:///') ? directoryOf(text) : null;
  return directory === null ? null : { kind: 'file', maxRows: MAX_ROWS, open: () => fileBackend(directory) };
}

function directoryOf(url: string): string | null {
  try {
    return fileURLToPath(url);
  } catch {
    // An encoded slash, a broken escape, or no URL at all.
    return null;
  }
}
