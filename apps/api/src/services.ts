import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Courier } from '@linkhaul/client';
import type { Changes, Installation, Jobs, Replicas, Snapshots } from '@linkhaul/jobs';
import type { Logger, Tracing } from '@linkhaul/runtime';
import type { KeyScope } from '@linkhaul/schemas';
import type { Backend } from '@linkhaul/storage';
import type { ApiEnv } from './env.js';
import type { Feeds } from './live/feeds.js';
import type { ApiMetrics } from './metrics.js';
import type { PageFiles } from './page/page-files.js';
import type { Downloads } from './results/downloads.js';
import type { Admission } from './submit/admission/admission.js';

/** The services of the API: made in run.ts, and passed as a plain argument. */
export interface Services extends Jobs {
  readonly env: ApiEnv;
  readonly logger: Logger;
  readonly tracing: Tracing;
  readonly courier: Courier;
  readonly changes: Changes;
  readonly feeds: Feeds;
  readonly admission: Admission;
  readonly storage: Backend;
  readonly installation: Installation;
  readonly replicas: Replicas;
  readonly snapshots: Snapshots;
  readonly downloads: Downloads;
  readonly metrics: ApiMetrics;
  /** Null if no page was built. */
  readonly page: PageFiles | null;
}

/** What a request carries through the middleware. */
export interface AppEnv {
  readonly Bindings: { readonly incoming: IncomingMessage; readonly outgoing: ServerResponse };
  /**
   * `tenant` is missing for the admin's key, which belongs to no tenant. `by` names the caller in a job's history: the id of a key
   * made by the API, the tenant of an operator's key, or `admin`.
   */
  readonly Variables: {
    tenant: string;
    by: string;
    scope: KeyScope;
    isAdmin: boolean;
    /** The key, if it was made by the API. */
    madeKey?: string;
    /** For a key made by the API: aborts, with the refusal as its reason, when the key is revoked. */
    keyGone?: AbortSignal;
  };
}
