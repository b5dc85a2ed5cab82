import { LinkhaulProblem } from '@linkhaul/client/browser';
import { isForbidden } from '../../service/errors.js';
import { client } from '../../service/session.js';

/** What the key in use may do, as far as this page needs to know. */
export interface Caller {
  /** May limit tenants, and must name the tenant whose keys are meant. */
  readonly isAdmin: boolean;
  /** May change keys and webhooks of its tenant. */
  readonly maySet: boolean;
}

/** The service does not report a key's scope, so two requests that need a scope are tried. */
export async function readCaller(signal: AbortSignal): Promise<Caller> {
  const [isAdmin, maySet] = await Promise.all([
    // Only the admin may read a tenant's limits, even of a tenant that does not exist.
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
    // The admin's key may do this once it names a tenant.
    if (error instanceof LinkhaulProblem && error.status === 422) return true;
    throw error;
  }
}
