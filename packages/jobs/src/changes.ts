import { EventEmitter, once } from 'node:events';
import type { JobRef } from '@linkhaul/storage';
import type { Redis } from 'ioredis';
import { jobName, type Keys } from './keys.js';

/** Word of every change of every job, by one subscription a process. A lost word is made good by looking again. */
export interface Changes {
  /** Resolves at the job's next change, or when the signal ends the wait. */
  next(job: JobRef, signal: AbortSignal): Promise<void>;
}

export function watchChanges(subscriber: Redis, keys: Keys): Changes {
  const changes = new EventEmitter().setMaxListeners(0);
  void subscriber.subscribe(keys.changes).catch(() => undefined);
  subscriber.on('message', (channel, name) => {
    if (channel === keys.changes) changes.emit(name);
  });
  return {
    async next(job, signal) {
      await once(changes, jobName(job), { signal }).catch(() => undefined);
    },
  };
}
