import { ApiProblem } from '../../problem.js';

/** A list that waits longer is refused with `Retry-After`. */
const LONGEST_WAIT_MS = 30_000;
const COME_AGAIN_S = 10;

/** Limits how many lists of one tenant are read at the same time. */
export interface UploadSlots {
  /** Takes a slot; the returned function frees it. Rejects with a problem if no slot is free in time or the client leaves. */
  take(tenant: string, clientGone: AbortSignal): Promise<() => void>;
}

interface Tenant {
  taken: number;
  /** First come, first served. */
  readonly waiting: Set<() => void>;
}

export function createUploadSlots(most: number): UploadSlots {
  const tenants = new Map<string, Tenant>();
  const giveBack = (name: string, tenant: Tenant) => {
    const [next] = tenant.waiting;
    if (next !== undefined) return next();
    tenant.taken--;
    if (tenant.taken === 0) tenants.delete(name);
  };
  return {
    async take(name, clientGone) {
      const tenant = tenants.get(name) ?? { taken: 0, waiting: new Set() };
      tenants.set(name, tenant);
      if (tenant.taken < most) tenant.taken++;
      else await freed(tenant, { most, clientGone });
      return () => giveBack(name, tenant);
    },
  };
}

/** Waits until another list of the tenant passes its slot on. */
function freed({ waiting }: Tenant, { most, clientGone }: Waiting): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      clearTimeout(late);
      clientGone.removeEventListener('abort', onGone);
      waiting.delete(pass);
    };
    const onGone = () => {
      leave();
      reject(new ApiProblem('body_incomplete', 'The client left while its list waited for a slot.'));
    };
    const late = setTimeout(() => {
      leave();
      reject(tooMany(most));
    }, LONGEST_WAIT_MS);
    const pass = () => {
      leave();
      resolve();
    };
    waiting.add(pass);
    if (clientGone.aborted) onGone();
    else clientGone.addEventListener('abort', onGone);
  });
}

interface Waiting {
  readonly most: number;
  readonly clientGone: AbortSignal;
}

function tooMany(most: number): ApiProblem {
  const lists = most === 1 ? 'a list' : `${most} lists`;
  return new ApiProblem('too_many_requests', `This tenant sends ${lists} at once, the most that it may: wait.`, {
    headers: { 'retry-after': String(COME_AGAIN_S) },
  });
}
