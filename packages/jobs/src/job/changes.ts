import { EventEmitter } from 'node:events';
import type { JobRef } from '@linkhaul/storage';
import type { Redis } from 'ioredis';
import { jobFromName, jobName, type Keys } from '../keys.js';
import { nextEvent } from '../redis/next-event.js';

/** Tells of every change of every job, by one subscription a process. Messages may be lost: look again after a time. */
export interface Changes {
  watch(job: JobRef): JobWatch;
  /** Calls back at each change of a job of the tenant, until the result is called. */
  watchTenant(tenant: string, ears: TenantEars): () => void;
}

interface TenantEars {
  changed(id: string): void;
  /** Redis was away for a time: changes may have been missed, and from now on none is. */
  missed(): void;
}

/** Hears of the job's changes from its making on. */
interface JobWatch {
  /** Resolves at a change that no earlier call has told of, after `ms`, or when the signal aborts. */
  next(ms: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Neither is a job's name. */
const MISSED = 'missed';
const ofTenant = (tenant: string) => `${tenant}/`;

export function watchChanges(subscriber: Redis, keys: Keys): Changes {
  const changes = new EventEmitter().setMaxListeners(0);
  const subscribe = () => subscriber.subscribe(keys.changes);
  void subscribe().catch(() => undefined);
  // Redis has said that it sends all changes again, only then they are asked to look.
  subscriber.on(
    'ready',
    () =>
      void subscribe().then(
        () => changes.emit(MISSED),
        () => undefined,
      ),
  );
  subscriber.on('message', (channel, name) => {
    if (channel !== keys.changes) return;
    changes.emit(name);
    const job = jobFromName(name);
    changes.emit(ofTenant(job.tenant), job.id);
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
    watchTenant(tenant, { changed, missed }) {
      changes.on(ofTenant(tenant), changed);
      changes.on(MISSED, missed);
      return () => {
        changes.off(ofTenant(tenant), changed);
        changes.off(MISSED, missed);
      };
    },
  };
}
