/** How much of a kind each tenant has under way on this process: other tenants need some too. */
export interface Room {
  followers(tenant: string): number;
  /** Whether the tenant may have another one. */
  hasRoom(tenant: string): boolean;
  /** Counts one until the result is called, once or more. */
  enter(tenant: string): () => void;
}

export function createRoom(most: number): Room {
  const followers = new Map<string, number>();
  const count = (tenant: string, by: 1 | -1) => {
    const now = (followers.get(tenant) ?? 0) + by;
    if (now === 0) followers.delete(tenant);
    else followers.set(tenant, now);
  };
  const followersOf = (tenant: string) => followers.get(tenant) ?? 0;
  return {
    followers: followersOf,
    hasRoom: (tenant) => followersOf(tenant) < most,
    enter(tenant) {
      count(tenant, 1);
      let hasLeft = false;
      return () => {
        if (!hasLeft) count(tenant, -1);
        hasLeft = true;
      };
    },
  };
}
