import type { Backend } from './backend.js';
import { paths } from './paths.js';

/** Whether calls of this account were ever sent. If they were, keys that are missing in Redis were lost. */
export async function isAccountKnown(backend: Backend, account: string): Promise<boolean> {
  return (await backend.get(paths.account(account))) !== null;
}

/** The accounts whose calls were ever sent. */
export async function listAccounts(backend: Backend): Promise<string[]> {
  const folder = paths.account('');
  return (await backend.list(folder.slice(0, -1))).map((path) => path.slice(folder.length));
}

/**
 * From when on the upstream's record is searched for calls that a lost Redis knew, in ms since the epoch. Null if there is
 * nothing to search for. Storage keeps it until the search has ended, because Redis may be lost again before that.
 */
export async function readSearchStart(backend: Backend, account: string): Promise<number | null> {
  const bytes = await backend.get(paths.recordSearch(account));
  return bytes === null ? null : Number(bytes.toString('utf8'));
}

export async function keepSearchStart(backend: Backend, account: string, from: number): Promise<void> {
  await backend.put(paths.recordSearch(account), Buffer.from(String(from)));
}

export async function endSearch(backend: Backend, account: string): Promise<void> {
  await backend.remove(paths.recordSearch(account));
}

/** Call it before the account's first call is sent. */
export async function markAccountKnown(backend: Backend, account: string): Promise<void> {
  await backend.create(paths.account(account), Buffer.from(''));
}
