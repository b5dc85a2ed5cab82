import type { JobRef } from '@linkhaul/storage';
import { jobName } from '../keys.js';

/** Decides which waiter is next, in turn over tenants, and over the jobs of each. */
interface Turns<W> {
  /**
   * The tenant that was served longest ago, or never; then its job, likewise; then the waiter of that job that came
   * first.
   */
  next(waiting: readonly W[]): W | undefined;
  /** `waiting`: the waiters that are left. Tenants and jobs without a waiter are forgotten. */
  served(waiter: W, waiting: readonly W[]): void;
}

export function createTurns<W extends { readonly job: JobRef }>(): Turns<W> {
  const last = { tenants: new Map<string, number>(), jobs: new Map<string, number>() };
  let turn = 0;
  const isBefore = ({ job: one }: W, { job: other }: W): boolean => {
    const between = (last.tenants.get(one.tenant) ?? 0) - (last.tenants.get(other.tenant) ?? 0);
    if (between !== 0) return between < 0;
    return (last.jobs.get(jobName(one)) ?? 0) < (last.jobs.get(jobName(other)) ?? 0);
  };
  return {
    next: (waiting) =>
      waiting.reduce<W | undefined>(
        (first, waiter) => (first === undefined || isBefore(waiter, first) ? waiter : first),
        undefined,
      ),
    served({ job: { tenant, id } }, waiting) {
      turn++;
      const ofTenant = waiting.filter(({ job }) => job.tenant === tenant);
      if (ofTenant.length > 0) last.tenants.set(tenant, turn);
      else last.tenants.delete(tenant);
      if (ofTenant.some(({ job }) => job.id === id)) last.jobs.set(jobName({ tenant, id }), turn);
      else last.jobs.delete(jobName({ tenant, id }));
    },
  };
}
