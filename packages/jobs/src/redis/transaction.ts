import type { ChainableCommander } from 'ioredis';

/** Runs a transaction. Rejects if any of its commands failed, which ioredis says in the answers alone. */
export async function execute(multi: ChainableCommander): Promise<void> {
  for (const [error] of (await multi.exec()) ?? []) if (error !== null) throw error;
}
