import type { Backend } from './backend.js';
import { paths } from './paths.js';

/** Whether calls of this account were ever sent: then keys that are missing in Redis were lost. */
export async function isAccountKnown(backend: Backend, account: string): Promise<boolean> {
  return (await backend.get(paths.account(account))) !== null;
}

/** The accounts of which calls were ever sent. */
export async function listAccounts(backend: Backend): Promise<string[]> {
  const folder = paths.account('');
  return (await backend.list(folder.slice(0, -1))).map((path) => path.slice(folder.length));
}

/** To be written before the account's first call is sent. */
export async function markAccountKnown(backend: Backend, account: string): Promise<void> {
  await backend.create(paths.account(account), Buffer.from(''));
}
