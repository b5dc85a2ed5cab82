import {
  type CapacityView,
  capacity,
  type ProblemsPage,
  problemsPage,
  type RecoveryView,
  recovery,
  type StorageAdoption,
  storageAdoption,
  type Tenant,
  type TenantChange,
  tenant,
  type UsagePage,
  usagePage,
} from '@linkhaul/schemas';
import { type CallOptions, get, type PageOptions, post, put } from '../request.js';
import type { Transport } from '../transport.js';
import type { SpreadsheetOption } from './results.js';

export type UsageGroup = 'tenant' | 'tag' | 'endpoint' | 'watch' | 'day' | 'month' | `metadata.${string}`;

export interface UsageFilter extends PageOptions {
  /** The first day, `2026-01-31`, in UTC. Default: 30 days ago. */
  readonly from?: string;
  /** The day after the last one. */
  readonly to?: string;
  /** Default: by day. */
  readonly groupBy?: readonly UsageGroup[];
}

export interface UsageDownloadFilter extends Omit<UsageFilter, 'cursor' | 'limit'>, SpreadsheetOption {}

export interface ProblemsFilter extends PageOptions {
  /** From the beginning of this hour on, `2026-01-31T12:00:00Z`, at most 7 days ago. Default: 24 hours ago. */
  readonly since?: string;
}

export interface AdoptOptions extends CallOptions {
  readonly empty?: boolean;
}

export interface RecoverOptions extends CallOptions {
  readonly go?: boolean;
}

/** What the account and the tenants may use, and what they used. */
export function usageMethods(transport: Transport) {
  return {
    /** The limits of the upstream's account, what is in use, and whether more workers would help. */
    capacity: (options?: CallOptions): Promise<CapacityView> => transport.read(get(['capacity'], options), capacity),
    /** What went wrong recently, by kind and code. With the admin's key, over all tenants. */
    problems: (filter?: ProblemsFilter): Promise<ProblemsPage> =>
      transport.read(get(['problems'], filter), problemsPage),
    /** What was bought, by the groups that you name. With the admin's key, over all tenants. */
    usage: (filter?: UsageFilter): Promise<UsagePage> => transport.read(get(['usage'], filter), usagePage),
    /** The whole usage as CSV. */
    downloadUsage: async (filter?: UsageDownloadFilter): Promise<ReadableStream<Uint8Array>> =>
      (await transport.stream(['usage'], { ...filter, format: 'csv' })).body,
    /** A tenant's budget, its requests per minute and its share of the calls. For the admin. */
    tenant: (name: string, options?: CallOptions): Promise<Tenant> =>
      transport.read(get(['tenants', name], options), tenant),
    /** Null removes a limit. Missing fields stay as they are. For the admin. */
    setTenant: (name: string, change: TenantChange, options?: CallOptions): Promise<Tenant> =>
      transport.read(put(['tenants', name], options, change), tenant),
    /**
     * Confirms that the storage was changed on purpose: it belongs to this installation from now on. With `empty`, also
     * if Redis has lost everything: then its jobs are given up. For the admin.
     */
    adoptStorage: (options?: AdoptOptions): Promise<StorageAdoption> =>
      transport.read(post(['storage', 'adopt'], options), storageAdoption),
    /**
     * Brings jobs, keys, settings and usage back from storage after Redis has lost everything. Workers do it: see
     * `recovery`. With `go`, jobs that were running go on by themselves. For the admin.
     */
    recover: (options?: RecoverOptions): Promise<RecoveryView> => transport.read(post(['recover'], options), recovery),
    /** How far a recovery has come. For the admin. */
    recovery: (options?: CallOptions): Promise<RecoveryView> => transport.read(get(['recover'], options), recovery),
  };
}
