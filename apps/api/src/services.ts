import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Courier } from '@linkhaul/client';
import type { Changes, Installation, Jobs } from '@linkhaul/jobs';
import type { Logger } from '@linkhaul/runtime';
import type { KeyScope } from '@linkhaul/schemas';
import type { Backend } from '@linkhaul/storage';
import type { ApiEnv } from './env.js';
import type { JobFeeds } from './live/job-feeds.js';
import type { ApiMetrics } from './metrics.js';
import type { Admission } from './submit/admission.js';

/** What the routes work with; built in main.ts, passed as a plain argument. */
export interface Services extends Jobs {
  readonly env: ApiEnv;
  readonly logger: Logger;
  readonly courier: Courier;
  readonly changes: Changes;
  readonly feeds: JobFeeds;
  readonly admission: Admission;
  readonly storage: Backend;
  readonly installation: Installation;
  readonly metrics: ApiMetrics;
}

/** What a request carries through the middleware. */
export interface AppEnv {
  readonly Bindings: { readonly incoming: IncomingMessage; readonly outgoing: ServerResponse };
  /**
   * The admin's key belongs to no tenant: where it is taken, `tenant` may be missing. `by` is who acts: the id of a key
   * that was made, the tenant of one that the operator has set, or `admin`.
   */
  readonly Variables: {
    tenant: string;
    by: string;
    scope: KeyScope;
    isAdmin: boolean;
    /** The key, where it is one that was made here. */
    madeKey?: string;
    /** Of a key that was made here: aborts with the answer to give when it is taken away. */
    keyGone?: AbortSignal;
  };
}
