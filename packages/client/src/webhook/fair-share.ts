/** Shares a fixed number of open requests among tenants. */
export interface FairShare {
  /** How many more requests the tenant may open now. Never negative. */
  roomOf(tenant: string): number;
  /** Like `roomOf`, for all tenants: by name for those that have requests open, and `newcomer` for any other. */
  rooms(): { readonly free: number; readonly newcomer: number; readonly others: ReadonlyMap<string, number> };
  /** Counts an open request. The function that it returns is called when the request has ended. */
  take(tenant: string): () => void;
}

/** An open request needs a socket and some tens of kilobytes. */
const MOST_OPEN = 512;
const MOST_PER_TENANT = 10;
/** A tenant may take one sixteenth of the requests that are free, so that some are left however many tenants wait. */
const SHARE = 16;

/**
 * A tenant without an open request can always open one, until there are more tenants than requests. No tenant may have more
 * than ten open, and fewer the fewer requests are free.
 */
export function createFairShare(mostOpen = MOST_OPEN): FairShare {
  const open = new Map<string, number>();
  let free = mostOpen;
  const roomBeside = (own: number) => {
    const most = Math.max(1, Math.min(MOST_PER_TENANT, Math.floor(free / SHARE)));
    return Math.max(0, Math.min(free, most - own));
  };
  return {
    roomOf: (tenant) => roomBeside(open.get(tenant) ?? 0),
    rooms: () => ({
      free,
      newcomer: roomBeside(0),
      others: new Map([...open].map(([tenant, own]) => [tenant, roomBeside(own)])),
    }),
    take(tenant) {
      open.set(tenant, (open.get(tenant) ?? 0) + 1);
      free -= 1;
      return () => {
        const left = (open.get(tenant) ?? 1) - 1;
        if (left === 0) open.delete(tenant);
        else open.set(tenant, left);
        free += 1;
      };
    },
  };
}
