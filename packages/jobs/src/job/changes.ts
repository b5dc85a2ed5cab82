import { EventEmitter } from 'node:events';
import type { JobRef } from '@linkhaul/storage';
import type { Redis } from 'ioredis';
import { jobFromName, jobName, type Keys } from '../keys.js';
import { nextEvent } from '../redis/next-event.js';

/**
 * Reports every change of every job, with one subscription for the process. Messages may be lost, so look again after a
 * time.
 */
export interface Changes {
  watch(job: JobRef): JobWatch;
  /** Calls back at each change of a job of the tenant, until the returned function is called. */
  watchTenant(tenant: string, listener: TenantListener): () => void;
}

interface TenantListener {
  changed(id: string): void;
  /** Redis was away for a time. Changes may have been missed; from now on none is. */
  missed(): void;
}

/** Reports the job's changes from the moment when it is made. */
interface JobWatch {
  /** Resolves at a change that no earlier call has reported, after `ms`, or when the signal aborts. */
  next(ms: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Names of events besides those of jobs, which are named `<tenant>/<id>`. */
const MISSED = 'missed';
const ofTenant = (tenant: string) => `${tenant}/`;

export function watchChanges(subscriber: Redis, keys: Keys): Changes {
  const changes = new EventEmitter().setMaxListeners(0);
  const subscribe = () => subscriber.subscribe(keys.changes);
  void subscribe().catch(() => undefined);
  // Listeners look again only after Redis has confirmed that it sends all changes.
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
