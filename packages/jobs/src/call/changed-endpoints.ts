import { z } from 'zod';
import type { Access } from '../redis/access.js';
import { script } from '../scripts.js';

/** A change in the form of an endpoint's answers that made jobs pause. */
interface ChangedEndpoint {
  readonly endpoint: string;
  readonly host: string;
  /** Null if two tenants have met the change: then the jobs of all tenants pause. */
  readonly tenant: string | null;
  readonly jobs: number;
}

/**
 * Endpoints whose answers can no longer be read. The scripts that settle and grant calls recognise them: see
 * call/unreadable.lua.
 */
export interface ChangedEndpoints {
  /** Pauses all jobs that must pause because of such a change. If a worker dies halfway, another one does the rest. */
  pauseJobs(): Promise<ChangedEndpoint[]>;
}

const BATCH = 100;

const pauseChanged = script<{
  endpoint: string;
  host: string;
  tenant: string;
  since: string;
  jobs: readonly string[];
  is_last: boolean;
}>()('call/pause_changed', z.number());

export function createChangedEndpoints({ redis, keys, run }: Access): ChangedEndpoints {
  return {
    async pauseJobs() {
      const due = Object.entries(await redis.hgetall(keys.toPause));
      const names = due.length === 0 ? [] : await redis.smembers(keys.active);
      const changes: ChangedEndpoint[] = [];
      for (const [field, at] of due) {
        const [endpoint = '', host = '', tenant = ''] = field.split(' ');
        const jobs = await pauseAll(names, (batch, isLast) =>
          run(pauseChanged, { endpoint, host, tenant, since: at, jobs: batch, is_last: isLast }),
        );
        changes.push({ endpoint, host, tenant: tenant === '' ? null : tenant, jobs });
      }
      return changes;
    },
  };
}

/**
 * Returns how many jobs were paused. Runs one batch even without jobs, because the last batch takes the change off the
 * list.
 */
async function pauseAll(
  names: readonly string[],
  pause: (batch: readonly string[], isLast: boolean) => Promise<number>,
): Promise<number> {
  let [jobs, from] = [0, 0];
  do {
    jobs += await pause(names.slice(from, from + BATCH), from + BATCH >= names.length);
    from += BATCH;
  } while (from < names.length);
  return jobs;
}
