/** Who may have how much open at once. */
export interface Places {
  /** How many more a tenant may take now; never negative. */
  roomOf(tenant: string): number;
  /** The same of every tenant at once: those that have something open by name, and anybody else. */
  rooms(): { readonly free: number; readonly newcomer: number; readonly others: ReadonlyMap<string, number> };
  /** Takes one; the answer gives it back. */
  take(tenant: string): () => void;
}

/** An open request costs a socket and some tens of kilobytes. */
const PLACES = 512;
const MOST_A_TENANT = 10;
/** A tenant takes one in so many of the places that are free, so that some are left however many tenants wait. */
const SHARE = 16;

/**
 * Shares places out so that a tenant that had none finds one at once: nobody takes many, and everybody takes fewer the
 * fewer are left. Only where more tenants than there are places have one each does another one wait.
 */
export function createPlaces(places = PLACES): Places {
  const open = new Map<string, number>();
  let free = places;
  const roomBeside = (own: number) => {
    const most = Math.max(1, Math.min(MOST_A_TENANT, Math.floor(free / SHARE)));
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
