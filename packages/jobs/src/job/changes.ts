import { EventEmitter } from 'node:events';
import type { JobRef } from '@linkhaul/storage';
import type { Redis } from 'ioredis';
import { jobName, type Keys } from '../keys.js';
import { nextEvent } from '../redis/next-event.js';

/** Tells of every change of every job, by one subscription a process. Messages may be lost: look again after a time. */
export interface Changes {
  watch(job: JobRef): JobWatch;
}

/** Hears of the job's changes from its making on. */
interface JobWatch {
  /** Resolves at a change that no earlier call has told of, after `ms`, or when the signal aborts. */
  next(ms: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

export function watchChanges(subscriber: Redis, keys: Keys): Changes {
  const changes = new EventEmitter().setMaxListeners(0);
  void subscriber.subscribe(keys.changes).catch(() => undefined);
  subscriber.on('message', (channel, name) => {
    if (channel === keys.changes) changes.emit(name);
  });
  return {
    watch(job) {
      const name = jobName(job);
      let changed = false;
      const note = () => {
        changed = true;
      };
      changes.on(name, note);
      return {
        async next(ms, signal) {
          if (!changed) await nextEvent(changes, name, { ms, signal });
          changed = false;
        },
        close: () => changes.off(name, note),
      };
    },
  };
}
