import { LinkhaulProblem } from '@linkhaul/client/browser';
import { isForbidden } from '../../service/errors.js';
import { client } from '../../service/session.js';

/** What the key in use may do, as far as this page asks. */
export interface Caller {
  /** Limits tenants, and names the tenant whose keys it means. */
  readonly isAdmin: boolean;
  /** Sets keys and webhooks of its tenant. */
  readonly maySet: boolean;
}

/** No answer of the service tells a key's scope: two that need one do. */
export async function readCaller(signal: AbortSignal): Promise<Caller> {
  const [isAdmin, maySet] = await Promise.all([
    // Only the admin may look at a tenant's limits, of whatever name.
    isAllowed(client.value.tenant('local', { signal })),
    isAllowed(client.value.keys({ signal })),
  ]);
  return { isAdmin, maySet };
}

async function isAllowed(request: Promise<unknown>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (error) {
    if (isForbidden(error)) return false;
    // The admin's key may, once it names a tenant.
    if (error instanceof LinkhaulProblem && error.status === 422) return true;
    throw error;
  }
}
