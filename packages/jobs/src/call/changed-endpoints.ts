import { z } from 'zod';
import type { Access } from '../redis/access.js';
import { script } from '../scripts.js';

/** A change of the form of an endpoint's answers, for which jobs were paused. */
interface ChangedEndpoint {
  readonly endpoint: string;
  readonly host: string;
  /** Null where two tenants have met it: then it holds for everybody. */
  readonly tenant: string | null;
  readonly jobs: number;
}

/** Endpoints whose answers cannot be read any more. The scripts that settle and grant calls know them: call/unreadable.lua. */
export interface ChangedEndpoints {
  /** Pauses every job that is still to be paused for such a change: what one worker leaves undone another does. */
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

/** How many jobs were paused. Without any there is one batch too, for it is the last that takes the change off the list. */
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
