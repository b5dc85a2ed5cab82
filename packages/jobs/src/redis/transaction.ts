import type { ChainableCommander } from 'ioredis';

/**
 * Runs a transaction. False if a key that its connection watches has changed: then nothing was executed. Rejects if any
 * command failed, which ioredis reports only in the replies.
 */
export async function execute(multi: ChainableCommander): Promise<boolean> {
  const answers = await multi.exec();
  for (const [error] of answers ?? []) if (error !== null) throw error;
  return answers !== null;
}
