import type { StorageWatch } from './watch-storage.js';

const EVERY_MS = 1_000;

/** Looks at storage now, and once a second. Returns its release. */
export async function startWatching({ storageWatch }: { storageWatch: StorageWatch }): Promise<() => void> {
  await storageWatch.look();
  const timer = setInterval(() => void storageWatch.look(), EVERY_MS);
  return () => clearInterval(timer);
}
